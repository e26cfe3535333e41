import { FORWARDER_NAMES } from '#contract/environment.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import { TOKEN_ALGORITHMS, TOKEN_VERIFIERS } from '#contract/keys.ts'
import type { ModeName } from '#contract/modes.ts'
import type { RunResult } from '#contract/result.ts'
import type { LabOptions } from '../../lab/lab.ts'

/**
 * The lab that a result was measured in, to be started again.
 * @throws StillinError for one that cannot be: somebody else's cluster, a planted bug, logins that were renewed.
 */
export function labOfResult(
  { id, configuration }: RunResult,
  modes: readonly ModeName[],
  redisUrl: string | undefined,
): LabOptions {
  const { cluster, plant, renewal, payloadBytes = 0, sessions = 0, outage = 'closed' } = configuration
  if (cluster !== undefined) throw refuse(`${id} was measured on ${cluster}, which --check cannot start`)
  if (plant !== null) throw refuse(`${id} was measured with a planted bug (${plant})`)
  if (renewal !== undefined)
    throw refuse(`${id} was measured with renewal (${renewal}), which is not projected`)
  const { jwtVerifier: verifier, jwtAlgorithm, forwarder } = configuration
  const hasRoom = sessions > 0 || payloadBytes > 0
  return {
    modes,
    nodes: configuration.nodes,
    users: configuration.users,
    forwarder: oneOf(FORWARDER_NAMES, forwarder, id),
    jwtAlgorithm: oneOf(TOKEN_ALGORITHMS, jwtAlgorithm, id),
    // As lab/verifier-words.ts says it.
    jwtVerifier: oneOf(TOKEN_VERIFIERS, verifier.split(',')[0] ?? '', id),
    jwtEncrypt: verifier.includes('tokens encrypted'),
    jwtCache: Number(/up to (\d+) verified tokens/.exec(verifier)?.[1] ?? 0),
    sessionReader: configuration.sessionReader,
    outage,
    ...(outage === 'closed' ? {} : { nodeEnvironment: { STILLIN_OUTAGE: outage } }),
    ...(hasRoom ? { live: { sessions, payloadBytes } } : {}),
    redisRttMs: configuration.redisRttMs,
    redisUrl,
    plant: undefined,
  }
}

function oneOf<const Name extends string>(names: readonly Name[], name: string, id: string): Name {
  const found = names.find((each) => each === name)
  if (found === undefined)
    throw refuse(`${id} names ${name}, of which only ${names.join(', ')} is known here`)
  return found
}

function refuse(message: string): StillinError {
  return new StillinError(message, {
    exitCode: EXIT.usage,
    hint: 'Name a result of a plain `stillin bench` or `stillin verdict` of this machine.',
  })
}

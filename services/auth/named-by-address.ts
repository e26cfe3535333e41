import { lookup } from 'node:dns/promises'
import { networkInterfaces } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { addressedId, isAddressedId, ownAddress } from '#contract/addressed-id.ts'
import { EXIT, StillinError } from '#contract/errors.ts'

/** What of the outside decides a node's address. */
export interface Surroundings {
  readonly resolve: (name: string) => Promise<readonly string[]>
  readonly own: () => readonly string[]
  /** How long it may take until the name leads here: outside one host names take seconds to get about. */
  readonly waitMs: number
}

const RETRY_MS = 250

const system: Surroundings = {
  waitMs: 10_000,
  resolve: async (name) => (await lookup(name, { all: true, family: 4 })).map(({ address }) => address),
  own: () =>
    Object.values(networkInterfaces()).flatMap((addresses = []) =>
      addresses.filter(({ family }) => family === 'IPv4').map(({ address }) => address),
    ),
}

/**
 * The environment with STILLIN_NODE_ID `node-*` completed by this node's own address among those that the name in
 * STILLIN_PEERS resolves to, so that one description serves any number of nodes; any other environment as it is.
 * @throws StillinError where that cannot be found out.
 */
export async function namedByAddress(
  environment: NodeJS.ProcessEnv,
  { resolve, own, waitMs }: Surroundings = system,
): Promise<NodeJS.ProcessEnv> {
  const { STILLIN_NODE_ID: pattern = '', STILLIN_PEERS: peers = '' } = environment
  if (!isAddressedId(pattern)) return environment
  const url = peers.startsWith(`${pattern}=`) ? URL.parse(peers.slice(pattern.length + 1)) : null
  if (url === null)
    throw new StillinError(
      `STILLIN_NODE_ID: ${pattern} wants STILLIN_PEERS to say by which name the nodes are known`,
      { exitCode: EXIT.usage, hint: `Set it to ${pattern}=http://name:port, or give this node an id.` },
    )
  const found = await whenKnown(url.hostname, { resolve, own, waitMs })
  return {
    ...environment,
    STILLIN_NODE_ID: addressedId(pattern, found),
  }
}

async function whenKnown(name: string, { resolve, own, waitMs }: Surroundings): Promise<string> {
  const giveUpAtMs = performance.now() + waitMs
  for (;;) {
    try {
      return ownAddress(await resolve(name), own(), name)
    } catch (cause) {
      if (performance.now() < giveUpAtMs) await delay(RETRY_MS)
      else if (cause instanceof StillinError) throw cause
      else
        throw new StillinError(`STILLIN_PEERS: ${name} cannot be resolved`, {
          exitCode: EXIT.unavailable,
          cause,
        })
    }
  }
}

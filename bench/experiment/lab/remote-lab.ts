import { openRemote } from '#cluster/remote/open-remote.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import { MODES } from '#contract/modes.ts'
import { ROUTES } from '#contract/routes.ts'
import type { Progress } from '../progress.ts'
import type { ClusterLab, LabOptions } from './lab.ts'

const REACH_MS = 2_000

/**
 * A lab on a cluster that runs already. What it was started with stands in the place of what was asked for, so that a
 * result says what it was measured on; disposing leaves the cluster as it is.
 * @throws StillinError where it cannot be reached, or can run none of the modes.
 */
export async function openRemoteLab(
  word: string,
  options: LabOptions,
  progress: Progress,
): Promise<ClusterLab> {
  demandNothingOfItsOwn(options)
  progress.update(`looking at ${word}`)
  const cluster = await openRemote(word)
  const { settings, redis } = cluster
  const stopped = cluster.nodes().filter(({ condition }) => condition !== 'ready')
  if (cluster.nodes().length === 0 || stopped.length > 0)
    throw new StillinError(
      `${cluster.name} is not whole: ${stopped.map(({ id, condition }) => `${id} is ${condition}`).join(', ') || 'it has no node'}`,
      { exitCode: EXIT.unavailable, hint: 'Start what is stopped, and run this again.' },
    )
  await demandReachable(cluster.nodes().map(({ url }) => url))
  const leftOut = options.modes
    .filter((mode) => MODES[mode].needs.includes('redis') && redis === undefined)
    .map((mode) => `${mode}: left out, because no Redis of ${cluster.name} can be read from here`)
  const modes = options.modes.filter((mode) => redis !== undefined || !MODES[mode].needs.includes('redis'))
  if (modes.length === 0)
    throw new StillinError('no mode is left to run', { exitCode: EXIT.unavailable, hint: leftOut.join(' ') })
  return {
    cluster,
    redis,
    store: undefined,
    renewal: settings.renewal,
    users: settings.users,
    modes,
    leftOut,
    options: { ...options, ...settings, cluster: cluster.name, nodes: cluster.nodes().length },
    [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
  }
}

/** What only a cluster can do that was started for it. */
function demandNothingOfItsOwn(options: LabOptions): void {
  const { links, movableClocks, memorySessions, redisRttMs, live, nodeEnvironment = {} } = options
  const wanted = [
    links === true || redisRttMs !== undefined ? 'relays in every link' : '',
    movableClocks === true ? 'clocks that can be set' : '',
    memorySessions === undefined ? '' : 'a bound of its own for session memory',
    live === undefined ? '' : 'room for a number of live sessions',
    ...Object.keys(nodeEnvironment),
  ].find((one) => one !== '')
  if (wanted === undefined) return
  throw new StillinError(`this wants a cluster that was started with ${wanted}`, {
    exitCode: EXIT.usage,
    hint: 'Leave out --cluster, and one is started for it.',
  })
}

async function demandReachable(urls: readonly string[]): Promise<void> {
  for (const url of urls) {
    await fetch(url + ROUTES.livez, { signal: AbortSignal.timeout(REACH_MS) }).catch((cause: unknown) => {
      throw new StillinError(`the node at ${url} cannot be reached from here`, {
        exitCode: EXIT.unavailable,
        hint: 'Where containers are out of reach, run the harness among them: docker-compose run --rm bench',
        cause,
      })
    })
  }
}

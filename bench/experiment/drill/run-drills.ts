import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { judgeHistory } from '#bench/check/judge-history.ts'
import { formatHistory } from '#bench/check/parse-history.ts'
import { formatNodes } from '#bench/report/numbers.ts'
import type { RunningCluster } from '#cluster/cluster.ts'
import { startCluster } from '#cluster/local-cluster.ts'
import { provideRedis } from '#cluster/redis/provide-redis.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import type { History } from '#contract/history.ts'
import type { Judgement } from '#contract/judgement.ts'
import { MODES, type ModeName } from '#contract/modes.ts'
import type { LabOptions } from '../lab/lab.ts'
import type { Progress } from '../progress.ts'
import { drill } from './drill.ts'
import { drillEnvironment, USERS_OF_A_DRILL } from './drill-settings.ts'
import { openTroubledStore, type TroubledStore } from './troubled-store.ts'

/** A cluster that drills run on, with a store that can be troubled where it is the lab's own. */
export interface DrillLab extends AsyncDisposable {
  readonly cluster: RunningCluster
  readonly store: TroubledStore | undefined
  readonly modes: readonly ModeName[]
  /** What was left out, and why: one sentence each. */
  readonly leftOut: readonly string[]
}

export interface DrillsOptions {
  readonly lab: LabOptions
  readonly seed: number
  readonly seconds: number
  /** Run the races that gates decide too. */
  readonly gated: boolean
  /** The folder in which each mode's history gets a folder of its own. */
  readonly root: string
}

/** One drill's history, where it was kept, and what the checkers say of it. */
export interface JudgedDrill {
  readonly judgement: Judgement
  readonly file: string
}

/** One drill in each mode, on one cluster; each is handed over when it is done. */
export async function runDrills(
  { lab: options, seed, seconds, gated, root }: DrillsOptions,
  onDrill: (drilled: JudgedDrill) => void,
  progress: Progress,
  signal: AbortSignal,
): Promise<{ leftOut: readonly string[] }> {
  await using lab = await openDrillLab(options, progress, signal)
  for (const [place, mode] of lab.modes.entries()) {
    signal.throwIfAborted()
    progress.update(`${mode}: logins, races and endings for ${seconds} s`)
    await lab.cluster.setMode(mode)
    const firstUser = 1 + place * USERS_OF_A_DRILL
    const history = await drill(
      lab.cluster,
      lab.store,
      { mode, seed, seconds, firstUser, plant: options.plant, gated },
      signal,
    )
    const file = keep(root, history, mode, seed)
    for (const judgement of judgeHistory(history)) onDrill({ judgement, file })
  }
  return { leftOut: lab.leftOut }
}

/** @throws StillinError when no mode can run here, or there are too few users. */
export async function openDrillLab(
  options: LabOptions,
  progress: Progress,
  signal: AbortSignal,
): Promise<DrillLab> {
  if (options.cluster !== undefined)
    throw new StillinError('--cluster: a drill needs a cluster of its own', {
      exitCode: EXIT.usage,
      hint: 'It sets limits and troubles the store: leave the flag out.',
    })
  const needed = 1 + options.modes.length * USERS_OF_A_DRILL
  if (options.users < needed)
    throw new StillinError(`--users: a drill of ${options.modes.length} modes takes ${needed} users`, {
      exitCode: EXIT.usage,
    })
  await using stack = new AsyncDisposableStack()
  const leftOut: string[] = []
  progress.update('looking for Redis')
  const redis = await provideRedis({
    redisUrl: options.redisUrl,
    signal,
    onNote: (text) => progress.note(text),
    onMissing: ({ reasons, hint }) =>
      leftOut.push(
        `For want of Redis (${reasons.join('; ')}) left out: modes that need it, refresh tokens. ${hint}`,
      ),
  })
  if (redis) stack.use(redis)
  // Somebody else's Redis is not made silent.
  const isOurs = redis !== undefined && redis.origin !== 'REDIS_URL'
  if (redis && !isOurs)
    leftOut.push('This Redis is not the lab’s own: it was neither made silent nor cut off.')
  const modes = options.modes.filter((mode) => redis || !MODES[mode].needs.includes('redis'))
  const [first] = modes
  if (first === undefined)
    throw new StillinError('no mode is left to run', { exitCode: EXIT.unavailable, hint: leftOut.join(' ') })
  progress.update(`starting ${formatNodes(options.nodes)} and the proxy`)
  const cluster = stack.use(
    await startCluster({
      mode: first,
      nodes: options.nodes,
      users: options.users,
      forwarder: options.forwarder,
      algorithm: options.jwtAlgorithm,
      jwtVerifier: options.jwtVerifier,
      jwtEncrypt: options.jwtEncrypt,
      jwtCache: options.jwtCache,
      plant: options.plant,
      nodeEnvironment: drillEnvironment(redis !== undefined),
      redis,
      signal,
    }),
  )
  const store = isOurs ? stack.use(await openTroubledStore(redis.url)) : undefined
  const owned = stack.move()
  return { cluster, store, modes, leftOut, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

function keep(root: string, history: History, mode: ModeName, seed: number): string {
  const folder = join(root, `drill-${mode}-${seed}`)
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'history.ndjson')
  writeFileSync(file, formatHistory(history))
  return file
}

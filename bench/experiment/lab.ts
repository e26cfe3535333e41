import type { LoadGenerator } from '#bench/load/plan.ts'
import { generatorOver } from '#bench/load/remote-generator.ts'
import type { LedgerSources } from '#bench/measure/cpu-ledger.ts'
import { openRedisUsage, type RedisUsageReader } from '#bench/measure/redis-usage.ts'
import { openUsage } from '#bench/measure/usage.ts'
import { startChild } from '#cluster/child.ts'
import type { RunningCluster } from '#cluster/cluster.ts'
import { entryPoint } from '#cluster/entry-point.ts'
import { startCluster } from '#cluster/local-cluster.ts'
import { provideRedis } from '#cluster/redis/provide-redis.ts'
import type { RedisPersistence, RedisServer } from '#cluster/redis/redis-server.ts'
import type { ForwarderName, NodeEnvironment } from '#contract/environment.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import type { TokenAlgorithm, TokenVerifier } from '#contract/keys.ts'
import { MODES, type ModeName } from '#contract/modes.ts'
import type { NodeUsage, ProxyUsage } from '#contract/node-admin.ts'
import type { Renewal } from '#contract/renewal.ts'
import type { SessionReaderName } from '#contract/session-readers.ts'

import type { Progress } from './progress.ts'
import { openRemoteLab } from './remote-lab.ts'
import { type LiveSessions, sessionRoom } from './session-room.ts'

export interface LabOptions {
  /** A cluster that runs already: `compose`, `compose:PROJECT` or `attach:FILE`; one of its own unless given. */
  cluster?: string | undefined
  modes: readonly ModeName[]
  nodes: number
  users: number
  forwarder: ForwarderName
  jwtAlgorithm: TokenAlgorithm
  /** How nodes find the session of a request; by @fastify/session unless given. */
  sessionReader?: SessionReaderName | undefined
  jwtVerifier: TokenVerifier
  /** Tokens are encrypted, not signed. */
  jwtEncrypt?: boolean | undefined
  /** How many verified tokens each node remembers; none unless given. */
  jwtCache?: number | undefined
  /** How logins are made to last; `fixed` unless given. */
  renewal?: Renewal | undefined
  /** The flags that say so, for the command that runs it again. */
  renewalFlags?: Readonly<Record<string, string | number | true>> | undefined
  /** How many live sessions there shall be room for, and how large; unless given, the nodes' own bounds hold. */
  live?: LiveSessions | undefined
  /** Use this Redis and no other. */
  redisUrl: string | undefined
  plant: string | undefined
  /**
   * Nodes reach Redis and each other through relays, whose links `cluster.link(from, to, condition)` changes. In every
   * arm of a comparison or in none. False unless given; a `redisRttMs` wants them anyway.
   */
  links?: boolean | undefined
  /** Nodes' clocks can be set wrong. */
  movableClocks?: boolean | undefined
  /** How many sessions a node's memory holds at most; the node's own default unless given. */
  memorySessions?: number | undefined
  /** Added to every round trip between each node and Redis, ms, for the lab's whole life. Through relays. */
  redisRttMs?: number | undefined
  /** What Redis keeps over a restart; nothing unless given. Failure runs want `aof`. */
  redisPersistence?: RedisPersistence | undefined
  /** A second service that accepts the logins. */
  shop?: boolean | undefined
  /** Anything else a node is told. */
  nodeEnvironment?: Partial<NodeEnvironment> | undefined
}

/** A cluster, and Redis where it can be had. */
export interface ClusterLab extends AsyncDisposable {
  readonly cluster: RunningCluster
  readonly redis: RedisServer | undefined
  /** How many people exist. */
  readonly users: number
  /** How logins are made to last, unless a node was told otherwise since. */
  readonly renewal: Renewal
  /** The modes that can run here, in the order asked for. */
  readonly modes: readonly ModeName[]
  /** What was left out, and why: one sentence each. */
  readonly leftOut: readonly string[]
  /** What the cluster was started with. */
  readonly options: LabOptions
}

/** Everything a measurement drives: a cluster lab, and a load generator in a process of its own. */
export interface Lab extends ClusterLab {
  readonly generator: LoadGenerator
  /** Where CPU time and counts are read, tier by tier. */
  readonly ledger: LedgerSources
}

/** @throws StillinError when nothing of what was asked for can run here. */
export async function openClusterLab(
  options: LabOptions,
  progress: Progress,
  signal: AbortSignal,
): Promise<ClusterLab> {
  if (options.cluster !== undefined) return openRemoteLab(options.cluster, options, progress)
  await using stack = new AsyncDisposableStack()
  const { redis, leftOut } = await findRedis(options, progress, signal)
  if (redis) stack.use(redis)
  const modes = options.modes.filter((mode) => redis || !MODES[mode].needs.includes('redis'))
  const [first] = modes
  if (first === undefined) {
    throw new StillinError('no mode is left to run', { exitCode: EXIT.unavailable, hint: leftOut.join(' ') })
  }
  progress.update(`starting ${options.nodes} nodes and the proxy`)
  const cluster = stack.use(await startCluster({ ...clusterOptions(options), mode: first, redis, signal }))
  if (redis && options.redisRttMs !== undefined) await slowRedis(cluster, options.redisRttMs)
  const owned = stack.move()
  return {
    cluster,
    redis,
    renewal: options.renewal ?? 'fixed',
    users: options.users,
    modes,
    leftOut,
    options,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** @throws StillinError when nothing of what was asked for can run here. */
export async function openLab(options: LabOptions, progress: Progress, signal: AbortSignal): Promise<Lab> {
  await using stack = new AsyncDisposableStack()
  const lab = stack.use(await openClusterLab(options, progress, signal))
  const child = stack.use(
    await startChild({ entry: entryPoint('bench/load/main'), name: 'load generator', env: {}, signal }),
  )
  const generator = generatorOver({
    send: (message) => child.send(message as object),
    onMessage: (listener) => child.onMessage(listener),
    onExit: (listener) => void child.exited.then(listener),
  })
  const ledger = await openLedger(lab.cluster, lab.redis, stack)
  const owned = stack.move()
  return {
    ...lab,
    generator,
    ledger,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** A restarted node answers at the same address, so the readers live as long as the cluster. */
async function openLedger(
  cluster: RunningCluster,
  redis: RedisServer | undefined,
  stack: AsyncDisposableStack,
): Promise<LedgerSources> {
  const { adminToken } = cluster
  const store: RedisUsageReader | null = redis ? stack.use(await openRedisUsage(redis.url)) : null
  return {
    nodes: cluster.nodes().map((node) => stack.use(openUsage<NodeUsage>(node.adminUrl, adminToken))),
    proxy: stack.use(openUsage<ProxyUsage>(cluster.proxy.adminUrl, adminToken)),
    store,
  }
}

async function findRedis(options: LabOptions, progress: Progress, signal: AbortSignal) {
  const leftOut: string[] = []
  const inNeed = options.modes.filter((mode) => MODES[mode].needs.includes('redis'))
  if (inNeed.length === 0) return { redis: undefined, leftOut }
  progress.update('looking for Redis')
  const redis = await provideRedis({
    redisUrl: options.redisUrl,
    persistence: options.redisPersistence ?? 'none',
    signal,
    onNote: (text) => progress.note(text),
    onMissing: ({ reasons, hint }) =>
      leftOut.push(`${inNeed.join(', ')}: left out, for want of Redis (${reasons.join('; ')}). ${hint}`),
  })
  return { redis, leftOut }
}

/** Every node gets as far away from Redis as the others. */
async function slowRedis(cluster: RunningCluster, delayMs: number): Promise<void> {
  for (const { id } of cluster.nodes()) await cluster.link(id, 'redis', { delayMs })
}

function clusterOptions(options: LabOptions) {
  const room = options.live && sessionRoom(options.live)
  return {
    nodes: options.nodes,
    users: options.users,
    forwarder: options.forwarder,
    algorithm: options.jwtAlgorithm,
    sessionReader: options.sessionReader,
    jwtVerifier: options.jwtVerifier,
    jwtEncrypt: options.jwtEncrypt,
    jwtCache: options.jwtCache,
    plant: options.plant,
    movableClocks: options.movableClocks,
    memory: options.memorySessions === undefined ? undefined : { maxSessions: options.memorySessions },
    links: options.links === true || options.redisRttMs !== undefined,
    ...room,
    nodeEnvironment: { ...room?.nodeEnvironment, ...options.nodeEnvironment },
    shop: options.shop,
  }
}

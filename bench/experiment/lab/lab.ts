import type { LoadGenerator } from '#bench/load/plan.ts'
import type { LedgerSources } from '#bench/measure/cpu-ledger.ts'
import { formatNodes } from '#bench/report/numbers.ts'
import type { ClusterEvent, RunningCluster } from '#cluster/cluster.ts'
import { startCluster } from '#cluster/local-cluster.ts'
import type { RedisPersistence, RedisServer } from '#cluster/redis/redis-server.ts'
import type { StoreServer } from '#cluster/stores/store-server.ts'
import type { ForwarderName, NodeEnvironment } from '#contract/environment.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import type { TokenAlgorithm, TokenVerifier } from '#contract/keys.ts'
import type { ModeName } from '#contract/modes.ts'
import type { OutagePolicy } from '#contract/outage.ts'
import type { Renewal } from '#contract/renewal.ts'
import type { SessionReaderName } from '#contract/session-readers.ts'
import type { StoreName } from '#contract/stores.ts'
import type { Progress } from '../progress.ts'
import { findCentralStore } from './central-store.ts'
import { openGenerator } from './open-generator.ts'
import { openLedger } from './open-ledger.ts'
import { openRemoteLab } from './remote-lab.ts'
import { demandMemory, type LiveSessions, sessionRoom } from './session-room.ts'

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
  /** Nodes are told to renew by pair at times, however they were started. False unless given. */
  pairs?: boolean | undefined
  /** The flags that say so, for the command that runs it again. */
  renewalFlags?: Readonly<Record<string, string | number | true>> | undefined
  /** How many live sessions there shall be room for, and how large; unless given, the nodes' own bounds hold. */
  live?: LiveSessions | undefined
  /** As nodes are told by `nodeEnvironment`; `closed` unless given. */
  outage?: OutagePolicy | undefined
  /** Use this Redis and no other. */
  redisUrl: string | undefined
  /** What is the central store; Redis unless given. Another one serves mode `redis` and no other that needs Redis. */
  store?: StoreName | undefined
  /** Use this store in Redis's place and no other. */
  storeUrl?: string | undefined
  plant: string | undefined
  /**
   * Nodes reach Redis and each other through relays, whose links `cluster.link(from, to, condition)` changes. In every
   * arm of a comparison or in none. False unless given; a `redisRttMs` wants them anyway.
   */
  links?: boolean | undefined
  /** For faults that want it: clocks that can be set wrong, and a bound of each node's session memory. */
  movableClocks?: boolean | undefined
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

/** A cluster, and its central store where that can be had. */
export interface ClusterLab extends AsyncDisposable {
  readonly cluster: RunningCluster
  readonly redis: RedisServer | undefined
  /** What stands in Redis's place. */
  readonly store: StoreServer | undefined
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
  /** What happened to its parts so far; absent where the cluster is not of this lab's own. */
  readonly partEvents?: readonly ClusterEvent[]
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
  const { redis, store, modes, leftOut } = await findCentralStore(
    { ...options, refreshTokens: keepsRefreshTokens(options) },
    progress,
    signal,
  )
  if (redis) stack.use(redis)
  if (store) stack.use(store)
  const [first] = modes
  if (first === undefined) {
    throw new StillinError('no mode is left to run', { exitCode: EXIT.unavailable, hint: leftOut.join(' ') })
  }
  const availableBytes = process.availableMemory()
  if (options.live) demandMemory(options.live, { modes, nodes: options.nodes, availableBytes })
  progress.update(`starting ${formatNodes(options.nodes)} and the proxy`)
  const partEvents: ClusterEvent[] = []
  const onEvent = (event: ClusterEvent): void => void partEvents.push(event)
  const cluster = stack.use(
    await startCluster({ ...clusterOptions(options), mode: first, redis, store, signal, onEvent }),
  )
  if ((redis ?? store) && options.redisRttMs !== undefined) await slowStore(cluster, options.redisRttMs)
  const owned = stack.move()
  return {
    cluster,
    redis,
    store,
    renewal: options.renewal ?? 'fixed',
    users: options.users,
    modes,
    leftOut,
    options,
    partEvents,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** @throws StillinError when nothing of what was asked for can run here. */
export async function openLab(options: LabOptions, progress: Progress, signal: AbortSignal): Promise<Lab> {
  await using stack = new AsyncDisposableStack()
  const lab = stack.use(await openClusterLab(options, progress, signal))
  const generator = await openGenerator(stack, signal)
  const ledger = await openLedger(lab, stack)
  const owned = stack.move()
  return {
    ...lab,
    generator,
    ledger,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** Every node gets as far away from the central store as the others. */
async function slowStore(cluster: RunningCluster, delayMs: number): Promise<void> {
  const to = cluster.redis ? 'redis' : 'store'
  for (const { id } of cluster.nodes()) await cluster.link(id, to, { delayMs })
}

/** Are there refresh tokens that somebody but the client keeps? */
function keepsRefreshTokens({ renewal, pairs = false, nodeEnvironment }: LabOptions): boolean {
  return (renewal === 'pair' || pairs) && nodeEnvironment?.STILLIN_REFRESH !== 'stateless'
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

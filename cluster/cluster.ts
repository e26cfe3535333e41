import type { ClusterState, PartCondition } from '#contract/control.ts'
import type { ForwarderName, NodeEnvironment } from '#contract/environment.ts'
import type { TokenAlgorithm, TokenVerifier } from '#contract/keys.ts'
import type { LinkRequest } from '#contract/links.ts'
import type { ModeName } from '#contract/modes.ts'
import type { RenewalSetting } from '#contract/renewal.ts'
import type { SessionReaderName } from '#contract/session-readers.ts'
import type { LabActs } from './lab-acts.ts'
import type { RedisServer } from './redis/redis-server.ts'
import type { RemoteAct } from './remote/remote-driver.ts'
import type { StoreServer } from './stores/store-server.ts'

/** A node at the moment it was asked for. */
export interface NodeHandle {
  readonly id: string
  readonly url: string
  readonly adminUrl: string
  /** Absent while it is stopped. */
  readonly pid: number | undefined
  readonly condition: PartCondition
}

/**
 * What can be done to the parts of a cluster, whoever runs them. Parts are `node-1` …, `proxy`, and `redis`
 * where its process is ours.
 * Every promise resolves when it has happened, and rejects with a StillinError where it cannot
 * (there is no such part, or it is in the wrong condition).
 */
export interface Cluster extends LabActs, AsyncDisposable {
  nodes(): readonly NodeHandle[]
  /** SIGKILL. The part is gone when this resolves, and is never restarted by itself. */
  kill(id: string): Promise<void>
  /** Same id, same ports, in the cluster's present mode and generation. Resolves when its listeners answer. */
  start(id: string): Promise<void>
  /** SIGSTOP: its connections stay open and nothing answers. */
  pause(id: string): Promise<void>
  /** SIGCONT. */
  resume(id: string): Promise<void>
  /** An orderly end: SIGTERM, and SIGKILL where that is not enough. */
  stop(id: string): Promise<void>
  /** The proxy sends this node no new users until the drain is ended. */
  drain(id: string): Promise<void>
  endDrain(id: string): Promise<void>
  /**
   * A further node, in the present mode; its links are healthy. The proxy, control and the other nodes learn of it.
   * Resolves with its id, which nobody had before, when the proxy takes it for healthy.
   */
  addNode(): Promise<string>
  /**
   * The proxy sends it nothing more, requests under way end, it is stopped, and everybody forgets it. Logins that it
   * alone held are lost; drain it first, so that nobody new begins one there.
   */
  removeNode(id: string): Promise<void>
  /**
   * The condition of the link from a node to `redis` (`store`, where a server stands in its place) or to another node; what is left out is healthy, `{}` heals.
   * Only in a cluster that was started with relays (`links`).
   */
  link(from: string, to: string, condition: LinkRequest): Promise<void>
  /** Switches all of it, through control. Resolves when every part has confirmed. */
  setMode(mode: ModeName): Promise<{ mode: ModeName; generation: number }>
  /** How logins that begin from now on are made to last, at every node, also one that starts later. Through control. */
  renewBy(setting: RenewalSetting): Promise<void>
  /** Resolves when the proxy takes this node for healthy. @throws StillinError when that takes more than ten seconds. */
  whenHealthy(id: string): Promise<void>
}

/** A cluster of processes on this host. Disposing ends all of them and removes what they wrote. */
export interface RunningCluster extends Cluster {
  readonly proxy: { readonly url: string; readonly adminUrl: string; readonly pid: number | undefined }
  readonly control: { readonly url: string; readonly token: string }
  /** Bearer token of the private listeners of nodes and proxy. */
  readonly adminToken: string
  readonly redis: RedisServer | undefined
  /** Of a cluster that somebody else started: why this cannot be done to its parts; undefined: it can be tried. */
  lacks?(act: RemoteAct): string | undefined
  /** What stands in Redis's place. */
  readonly store: StoreServer | undefined
  /** Where a node reaches Redis: its relay, where there are relays. */
  redisUrlOf(nodeId: string): string | undefined
  /** Absent unless one was asked for. */
  readonly shop: { readonly url: string; readonly pid: number | undefined } | undefined
  /** The same for the store in its place. */
  storeUrlOf(nodeId: string): string | undefined
  /** How long the parts took from the first spawn until the proxy took every node for healthy, ms. */
  readonly startedInMs: number
  state(): ClusterState
  /** Resolves when somebody has asked control to shut the cluster down. */
  readonly shutdownRequested: Promise<void>
}

export interface ClusterOptions {
  mode: ModeName
  /** LAB.nodes unless given. */
  nodes?: number | undefined
  /** How many lab users the directory holds; LAB.users unless given. */
  users?: number | undefined
  forwarder?: ForwarderName | undefined
  /** Free ones unless given. */
  proxyPort?: number | undefined
  controlPort?: number | undefined
  /** Ending it stays the caller's business. */
  redis?: RedisServer | undefined
  /** In Redis's place, for mode `redis` alone. Ending it stays the caller's business. */
  store?: StoreServer | undefined
  /** By @fastify/session unless given. */
  sessionReader?: SessionReaderName | undefined
  jwtVerifier?: TokenVerifier | undefined
  /** Tokens are encrypted, not signed. */
  jwtEncrypt?: boolean | undefined
  /** How many verified tokens each node remembers; none unless given. */
  jwtCache?: number | undefined
  algorithm?: TokenAlgorithm | undefined
  /** Absolute lifetime of a login; the mode's own unless given. */
  lifetimeS?: number | undefined
  /** Bounds of each node's session memory. */
  memory?: { maxSessions?: number; maxBytes?: number; whenFull?: 'refuse' | 'evict-oldest' } | undefined
  /**
   * Nodes reach Redis and each other through relays, in a process of their own, so that links can be slowed, cut and
   * silenced. In every arm of a comparison or in none: a relay costs each round trip about 0.1 ms.
   */
  links?: boolean | undefined
  /** Nodes' clocks can be set wrong (`setClock`). */
  movableClocks?: boolean | undefined
  /** Decides the jitter of links; 1 unless given. */
  linkSeed?: number | undefined
  /** A planted bug in every node; the nodes refuse it unless NODE_ENV=test. */
  plant?: string | undefined
  /** Anything else a node is told; wins over the settings above. */
  nodeEnvironment?: Partial<NodeEnvironment> | undefined
  /** A second service on an origin of its own that accepts the logins. */
  shop?: boolean | undefined
  onEvent?: (event: ClusterEvent) => void
  signal?: AbortSignal | undefined
  /** Other programs in the place of our own, for tests. */
  entries?: Partial<Record<'node' | 'proxy' | 'control', string>> | undefined
}

/** Something that happened to a part; `exited` is an end that nobody asked for. */
export interface ClusterEvent {
  /** µs on the monotonic clock. */
  readonly atUs: number
  readonly kind: 'starting' | 'ready' | 'killed' | 'paused' | 'resumed' | 'stopped' | 'failed' | 'exited'
  readonly part: string
  readonly detail?: string
}

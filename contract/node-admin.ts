import type { ForwarderName } from './environment.ts'
import type { Guarantee, ModeName } from './modes.ts'
import type { RenewalSetting } from './renewal.ts'

/** CPU time of a process since its start, µs. `loopUs` is the main thread's share; the rest is the thread pool and V8. */
export interface CpuTime {
  userUs: number
  systemUs: number
  loopUs: number
}

/** Answers by kind since the process started, on the public listener; health checks and metrics are not counted. */
export interface AnswerCounts {
  /** 2xx and 3xx */
  ok: number
  /** 401 */
  refused: number
  /** 503 with a store's reason */
  unavailable: number
  /** other 4xx */
  clientError: number
  /** other 5xx */
  serverError: number
}

/** Answer of `GET /usage` on a node. Counters only grow; take differences over a window. */
export interface NodeUsage {
  id: string
  pid: number
  /** When it was read, µs on the monotonic clock. */
  atUs: number
  mode: ModeName
  generation: number
  /** How logins that begin now are made to last. */
  renewal: Required<RenewalSetting>
  cpu: CpuTime
  memory: { rssBytes: number; heapUsedBytes: number }
  /** Since the last read of this address. */
  eventLoop: { delayP99Ms: number; utilization: number }
  answers: AnswerCounts
  /** Answers of `GET /me` and `GET /baseline` alone: what a lookup benchmark compares with its own count. */
  lookups: number
  /** Sessions in this node's memory. */
  sessions: { held: number; bytes: number; evicted: number }
  /** Where this node keeps a copy of all sessions (mode replicated). */
  replication?: ReplicationUsage
  /** Commands this node sent to its store, and the time it waited for them. */
  store: { commands: number }
}

/** How a node's copy of all sessions keeps up with the others. */
export interface ReplicationUsage {
  /** Sessions in the copy, in force or not yet swept. */
  held: number
  tombstones: number
  /** Given up at their bound before their time. */
  tombstonesDropped: number
  /** Snapshots taken from peers since the start. */
  catchUps: number
  peers: readonly {
    id: string
    reachable: boolean
    /** From a change here to the peer's acknowledgement, the longest since the last read of this address, ms. */
    lagMsMax: number
  }[]
}

/** Answer of `GET /usage` on the proxy. */
export interface ProxyUsage {
  pid: number
  atUs: number
  mode: ModeName
  generation: number
  forwarder: ForwarderName
  cpu: CpuTime
  memory: { rssBytes: number; heapUsedBytes: number }
  eventLoop: { delayP99Ms: number; utilization: number }
  answers: AnswerCounts
  /** Requests sent a second time, to another node. */
  retries: number
  /** Answers that moved a user's pin from one node to another. */
  pinsMoved: number
}

/** Body of `POST /sessions` on a node: logins made without a password, for load. At most 10,000 a request in all. */
export interface SeedRequest {
  userIds: readonly string[]
  /** Logins of each of these users; 1 unless given. More only with `answer: 'none'`. */
  each?: number
  /** Absolute lifetime of these credentials; the mode's own unless given. */
  lifetimeS?: number
  /** What each of these logins keeps from the start, as `PUT /me/data` would put it there. */
  data?: Readonly<Record<string, unknown>>
  /** `none`: the sessions shall exist and nobody will present them, so no credentials are answered. */
  answer?: 'credentials' | 'none'
}
export interface SeedAnswer {
  mode: ModeName
  /** In the order asked; what each client would send. Empty where none were wanted. */
  credentials: readonly Credential[]
}

/** Body of `PUT /peers` on a node: who the nodes of the cluster are from now on, it itself among them or not. */
export interface PeersRequest {
  peers: readonly { id: string; adminUrl: string }[]
}

/** Body of `POST /sessions/count` on a node: whose live sessions are to be counted. At most 10,000 users a request. */
export interface SessionCountRequest {
  userIds: readonly string[]
}
/** 501 where the mode lists no sessions. */
export interface SessionCountAnswer {
  mode: ModeName
  /** As the store tells now; of each user at most 100. */
  sessions: number
}

/** Body of `PUT /burden` on a node under NODE_ENV=test: what every public answer costs or waits more from now on. */
export interface BurdenRequest {
  /** CPU time of the event loop, µs. */
  cpuUs: number
  delayMs: number
  /** The route without a check bears nothing: a slowdown of checks alone. */
  checksOnly?: boolean
}

export const ROLES = ['user', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** User ids that nodes issue credentials for. */
export const USER_ID_PATTERN = '^[A-Za-z0-9_-]{1,64}$'

/** Body of `POST /users/:id/ban` on a node and on control. */
export interface BanRequest {
  banned: boolean
}
/** Body of `POST /users/:id/role` on a node and on control. */
export interface RoleRequest {
  role: Role
}
/** Answer of both on a node: the user as the directory has it from now on. */
export interface UserChangeAnswer {
  user: { id: string; role: string; banned: boolean }
  mode: ModeName
  /** When the logins that the user had are void, by the mode's table; a login from now on is refused or has the new role. */
  revokes: Guarantee
}

/** Answer of `GET /users/online` on a node: users with a login that has not reached its end; 501 where nobody counts. */
export interface UsersOnlineAnswer {
  mode: ModeName
  users: number
  /** `node`: those in this node's memory; `cluster`: in the store that all nodes share. */
  scope: 'node' | 'cluster'
  /** The setting; null: any number. */
  max: number | null
}

/** What the lab sent a user by e-mail or SMS. */
export interface InboxMessage {
  kind: 'link' | 'code'
  /** The link's token, or the code. */
  secret: string
  /** ISO 8601. */
  sentAt: string
}
/** Answer of `GET /users/:id/inbox` on the node that sent them, the newest last. */
export interface InboxAnswer {
  messages: readonly InboxMessage[]
}

/** What a client presents: request headers, exactly as sent (`cookie`, `authorization`). */
export interface Credential {
  userId: string
  headers: Readonly<Record<string, string>>
  /** Where a refresh token is no cookie: what `POST /refresh` is sent. */
  refreshToken?: string
}

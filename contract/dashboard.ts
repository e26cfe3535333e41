import type { ClusterState } from './control.ts'
import type { StillIn } from './demo.ts'
import type { ModeName } from './modes.ts'

/** Rates that the dashboard's load can be set to, requests a second. */
export const DASHBOARD_RATES = [0, 20, 100, 300] as const
export type DashboardRate = (typeof DASHBOARD_RATES)[number]

/** What the visitor of the dashboard can do as a user, and what can be done to that user. */
export const VISITOR_ACTIONS = [
  'login',
  'ask',
  'logout',
  'logout-all',
  'password',
  'ban',
  'unban',
  'demote',
  'promote',
  'renew-by-pair',
  'refresh-twice',
] as const
export type VisitorAction = (typeof VISITOR_ACTIONS)[number]

/** One second of the cluster, as `GET /usage` of its parts and the dashboard's own load showed it. */
export interface DashboardSample {
  seq: number
  /** Wall clock, ms. */
  atMs: number
  /** Answers to the load a second, by kind: the right user let in, 401, everything else. */
  okPerS: number
  refusedPerS: number
  failedPerS: number
  /** From the time each of the load's requests was due, over those let in; null where there was none. */
  p50Ms: number | null
  slowestMs: number | null
  /** CPU time over time, in % of one core; null where the part did not answer twice in a row. */
  cpu: { nodes: number | null; proxy: number | null; control: number | null }
  nodes: readonly NodeSample[]
}

export interface NodeSample {
  id: string
  /** As the proxy sees it; absent where the proxy does not answer. */
  health?: 'up' | 'down' | 'ejected' | 'draining'
  /** As the proxy counts them; null where it does not answer. */
  inFlight: number | null
  /** Answers a second, as the proxy counts them; null where it did not answer twice in a row. */
  answeredPerS: number | null
  /** Sessions in this node's memory, copies included; null: the node does not answer, and is not known to be dead. */
  sessions: number | null
}

export interface DashboardEvent {
  seq: number
  /** Wall clock, ms. */
  atMs: number
  source: 'cluster' | 'proxy' | 'load' | 'you'
  text: string
}

/** One node's answer to one credential, asked directly. */
export interface NodeAnswer {
  node: string
  answer: StillIn
  detail: string
  /** When an `in` was last received, wall clock ms; null: never. */
  lastInAtMs: number | null
}

/** A login of the visitor's own. */
export interface VisitorCredential {
  id: number
  userId: string
  mode: ModeName
  /** Who answered the login. */
  node: string
  kind: 'cookie' | 'token'
  /** True: the client also holds a refresh token that fetches the next one. */
  refreshable: boolean
  /** The node that the proxy leads this client back to, by its last answer; null: the client holds no pin. */
  pinnedTo: string | null
  /** As the client would send it. */
  raw: string
  /** Its parts that are readable JSON: a token's header and claims. */
  decoded: readonly unknown[]
  /** What should have ended it, when that was acknowledged, and what the answer said of when it takes hold. */
  ended: { how: string; atMs: number; declared: string } | null
  answers: readonly NodeAnswer[]
}

/** What the last question through the proxy was answered. */
export interface VisitorAsk {
  seq: number
  credential: number
  status: number
  node: string
  reason: string
}

/**
 * How the people of the load are. `lost`: a node refused them and none lets them in, or their logins died with the nodes;
 * `unclear`: a node that did not answer, or answered 503, may know them.
 */
export interface DashboardPeople {
  count: number
  /** When they were logged in, wall clock ms; null: nobody is. */
  loggedInAtMs: number | null
  in: number
  lost: number
  unclear: number
  /** Of those lost, since the last fault. */
  lostSinceFault: number
}

/** Answer of `GET /dashboard/state?since=SEQ`: samples and events after that number. */
export interface DashboardState {
  nowMs: number
  cluster: ClusterState
  samples: readonly DashboardSample[]
  events: readonly DashboardEvent[]
  /** The number to ask from next time. */
  seq: number
  load: { ratePerS: DashboardRate; endsAtMs: number | null; mode: ModeName | null }
  people: DashboardPeople
  fault: { part: string; what: string; atMs: number } | null
  /** How many people of the load the proxy leads back to each node; nodes without any are left out. */
  pins: readonly { node: string; people: number }[]
  visitor: {
    credentials: readonly VisitorCredential[]
    asks: readonly VisitorAsk[]
    /** True: the visitor has told the nodes to hand out refresh tokens. */
    byPair: boolean
  }
}

/** Answer of `GET /dashboard/about`. */
export interface DashboardAbout {
  modes: readonly { name: ModeName; summary: string; needsRedis: boolean }[]
  rates: readonly DashboardRate[]
  userId: string
  proxyUrl: string | null
}

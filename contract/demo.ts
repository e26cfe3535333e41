import type { ModeName } from './modes.ts'
import type { StoreName } from './stores.ts'

/** A client that loses every cookie: one that was never taught to keep any, or that is forbidden to. */
export const DEMO_CLIENTS = ['cookies', 'no-cookies'] as const
export type DemoClient = (typeof DEMO_CLIENTS)[number]

/** What one node said of one credential: accepted, refused, or no answer because it is down. */
export type StillIn = 'in' | 'out' | 'dead' | 'unclear'

/** One question put to every node directly, and several times through the proxy as a user would. */
export interface DemoStep {
  name: 'login' | 'crash' | 'logout'
  /** By node id, in the order of the nodes. */
  nodes: readonly { id: string; answer: StillIn }[]
  /** Of `asked` requests through the proxy, how many were accepted; `nodes`: how many different ones answered. */
  viaProxy: { asked: number; accepted: number; nodes?: number }
}

/** One mode's three steps, as observed. */
export interface DemoMode {
  mode: ModeName
  summary: string
  /** The central store, where it is not Redis and the mode uses it. */
  store?: StoreName
  /** Absent: one that keeps cookies. */
  client?: 'no-cookies'
  /** The node that answered the login, and was then killed. */
  loginNode: string
  /** The logout's HTTP status. */
  logoutStatus: number
  /** What `x-revocation` said. */
  declared?: string
  steps: readonly DemoStep[]
  /** One sentence drawn from the steps. */
  sentence: string
}

import type { AffinityCookie } from '../balance/affinity-cookie.ts'
import type { Balancer } from '../balance/balancer.ts'
import type { Counters } from '../counters.ts'
import type { Forwarder } from '../forward/forwarder.ts'
import type { ProxySettings } from '../settings.ts'
import type { Ejection } from '../upstream/ejection.ts'
import type { Pool } from '../upstream/pool.ts'
import type { AccessLog } from './access-log.ts'
import type { Exchange } from './exchange.ts'
import type { ModeState } from './mode-state.ts'
import type { HeadRules } from './request-head.ts'
import type { RetryBudget } from './retry-budget.ts'
import type { Tunnel } from './tunnel.ts'

/** What every exchange works with; one a proxy. */
export interface GuardContext {
  readonly settings: ProxySettings
  readonly pool: Pool
  readonly balancer: Balancer
  readonly affinity: AffinityCookie
  readonly ejection: Ejection
  readonly forwarder: Forwarder
  readonly mode: ModeState
  /** Are requests routed by their affinity cookie at the moment? */
  readonly pinsNow: () => boolean
  /** Does an answer that names this mode (or none) pin its user? */
  readonly answerPins: (modeHeader: string | undefined) => boolean
  readonly rules: HeadRules
  readonly budget: RetryBudget
  readonly counters: Counters
  readonly accessLog: AccessLog | undefined
  /** Every request being worked on; looked through for deadlines. */
  readonly inFlight: Set<Exchange>
  readonly tunnels: Set<Tunnel>
  /** 0 ≤ x < 1. */
  readonly random: () => number
  /** ms, monotonic, read once a sweep: precise enough for deadlines and free to ask. */
  nowMs: number
  /** True once the proxy is to end: answers close their connections. */
  closing: boolean
}

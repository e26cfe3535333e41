import type { Renewal } from '#contract/renewal.ts'
import type { NodeConfig } from './config.ts'

/** How long a login lasts that begins now. */
export interface LoginSpan {
  /** Until its absolute end; where the renewal is by pair, until the credential's, which the next refresh replaces. */
  readonly lifetimeS: number
  /** Where the renewal is rolling: after its last use. */
  readonly idleS?: number
}

export function loginSpan({ lifetimeS, idleS, refreshS }: NodeConfig, renewal: Renewal): LoginSpan {
  return renewal === 'rolling' ? { lifetimeS: refreshS, idleS: Math.min(idleS, refreshS) } : { lifetimeS }
}

/** Can a login end because it was idle before it ends anyway? */
export function idleCounts({ lifetimeS, idleS }: NodeConfig, renewal: Renewal): boolean {
  return renewal === 'rolling' || idleS < lifetimeS
}

/** How long a credential, or one that it was renewed into, can be good at the longest where nobody revokes it. */
export function longestLoginS(config: NodeConfig, renewal: Renewal = config.renewal): number {
  return loginSpan(config, renewal).lifetimeS
}

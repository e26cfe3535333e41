import { FAULT_NAMES, type FaultName, type Guarantee, type ModeName } from './modes.ts'

/** What can end a login before its time. A demotion makes a user of an administrator. */
export const LAG_KINDS = ['logout', 'logout-all', 'ban', 'password', 'demotion'] as const
export type LagKind = (typeof LAG_KINDS)[number]

/** A distribution, ms; p50 and p99 linear between neighbours. */
export interface LagSpread {
  count: number
  p50: number
  p99: number
  max: number
}

/** How long logins that were revoked were accepted, in one mode, after one kind of revocation. */
export interface RevocationLag {
  mode: ModeName
  kind: LagKind
  /** When the mode's table says that it takes hold; the bound in ms, where there is one. */
  promise: Guarantee
  boundMs: number | null
  /** Of the logins, s. */
  lifetimeS: number
  /** Revocations asked for, and those that were acknowledged: only these are timed. */
  asked: number
  acknowledged: number
  /**
   * Of each node, for each acknowledged revocation of a login that the node had accepted until then: from the acknowledgement to the sending of the last question that
   * the node accepted, ms; 0: it accepted none.
   */
  nodes: readonly { id: string; lagsMs: readonly number[] }[]
  /** Over all of these. */
  lag: LagSpread
  /** Revocations after which some node still accepted, or had not refused, when the watching ended. */
  unfinished: number
  /** Between two questions to one node, ms: a lag shorter than that cannot be seen. */
  gap: LagSpread
  /** False where a node accepted later than promised. Null: there is no promise, nothing was acknowledged, or a node could not tell. */
  kept: boolean | null
}

/** Under these a revocation can be timed: switching the mode, or voiding every login to heal, ends what would be watched. */
export type LagFault = Exclude<FaultName, 'switch-mode' | 'leaked-key'>
export const LAG_FAULTS = FAULT_NAMES.filter(
  (name): name is LagFault => name !== 'switch-mode' && name !== 'leaked-key',
)

/**
 * How the asking for a revocation ended. `refused`: 503, or nobody took the connection, so that nobody was told that it
 * holds. `unsure`: no whole answer, or an error of the server's: it may have taken effect. `denied`: any other refusal.
 */
export const REVOCATION_ENDS = ['acknowledged', 'refused', 'unsure', 'denied'] as const
export type RevocationEnd = (typeof REVOCATION_ENDS)[number]

/** One node and one credential that was revoked, watched from the acknowledgement until some time after the heal. */
export interface WatchedThroughout {
  id: string
  /** From the acknowledgement to the sending of the last question that was accepted, and to its answer, ms; 0: none was. */
  lagMs: number
  answeredMs: number
  questions: number
  /** Of these: answered 503, and not answered at all. */
  unavailable: number
  unanswered: number
  /** It refused three times in a row at the end. */
  finished: boolean
}

/** One revocation around a fault. */
export interface FaultProbe {
  kind: LagKind
  end: RevocationEnd
  /** From the beginning of the fault to the answer, ms; negative: before it. */
  answeredAtMs: number
  /** Of the nodes that had accepted the login; empty unless it was acknowledged. */
  nodes: readonly WatchedThroughout[]
}

/**
 * `kept`: no question sent after the promised time was accepted. `beyond`: one was. `as-declared`: one was, where the
 * mode’s table says that the promise does not reach. `refused`: no revocation was acknowledged. `cannot-tell`: a node
 * had not refused at the end, or answered a question too late to say when it decided. `no-promise`: by chance, or never.
 */
export type LagVerdict = 'kept' | 'beyond' | 'as-declared' | 'refused' | 'cannot-tell' | 'no-promise'

/** Revocations of one mode around one fault, told before it struck or from then on, of the kinds that share a promise. */
export interface FaultLagRow {
  when: 'before' | 'during'
  kinds: readonly LagKind[]
  promise: Guarantee
  boundMs: number | null
  ends: Readonly<Record<RevocationEnd, number>>
  /** Over all nodes, and by node. Times as in `RevocationLag`; `answeredMaxMs` runs to the answer. */
  all: NodeLag
  nodes: readonly (NodeLag & { id: string; hit: boolean })[]
  verdict: LagVerdict
}

export interface NodeLag {
  lag: LagSpread
  answeredMaxMs: number
  questions: number
  unavailable: number
  unanswered: number
  /** Revocations that it had not refused at the end. */
  unfinished: number
}

/** One fault in one mode: every revocation, and what they come to. */
export interface FaultLag {
  mode: ModeName
  fault: LagFault
  /** What was hit, and what chance decided beside it. */
  part: string
  detail?: string
  /** How long it was in force, ms; the healing is not in it. */
  forMs: number
  /** Of the logins, s. */
  lifetimeS: number
  /** Were all logins accepted, where the mode’s table says so, before anything was revoked or broken? Otherwise the rows count for nothing. */
  steady: boolean
  reason?: string
  /** Between two questions to a node that had not refused yet, ms. */
  gap: LagSpread
  probes: readonly FaultProbe[]
  rows: readonly FaultLagRow[]
}

/** What a run of `stillin lag` leaves. */
export interface LagEvidence {
  plain: readonly RevocationLag[]
  underFault: readonly FaultLag[]
}

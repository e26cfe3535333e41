import type { DemoStep } from './demo.ts'
import type { FaultName } from './modes.ts'
import type { OutcomeCounts } from './outcomes.ts'
import type { Environment, SelfCheck, Survival, TimelineBin, TimelineEvent } from './result.ts'
import type { Target } from './target.ts'

/** Somebody's own service, as a file describes it: what to send, who its users are, how its nodes are killed. */
export interface ForeignService {
  readonly name: string
  /** The nodes in it are those that have an address. */
  readonly target: Target
  readonly nodes: readonly ForeignNode[]
  readonly users: readonly ForeignUser[]
  /** How long a login that was logged out is watched, s. */
  readonly watchS: number
}

export interface ForeignNode {
  readonly id: string
  /** Where it can be asked by itself; undefined: only through the entrance. */
  readonly url: string | undefined
  /** Its process on this host, for its CPU time; or a file that holds the number. */
  readonly pid: number | undefined
  readonly pidFile: string | undefined
  /** Programs and arguments, blanks filled in. */
  readonly commands: Readonly<Partial<Record<ForeignAction, readonly string[]>>>
}

/** `cpu` prints the seconds of CPU time that the node has used. */
export const FOREIGN_ACTIONS = ['kill', 'start', 'pause', 'resume', 'cpu'] as const
export type ForeignAction = (typeof FOREIGN_ACTIONS)[number]

export interface ForeignUser {
  readonly id: string
  readonly password: string
}

/** What can be broken at a service that is not ours. */
export const FOREIGN_FAULTS = ['kill-node', 'pause-node', 'pause-node-long'] as const satisfies FaultName[]
export type ForeignFault = (typeof FOREIGN_FAULTS)[number]

/** The three steps of the demonstration, as far as the file allows them. */
export interface ForeignDemo {
  readonly service: string
  /** Who was killed. */
  readonly victim?: string
  /** Had the login's answer named it? Else it is the only node that knew the login, or the first. */
  readonly victimChosenBy?: 'answer' | 'only-holder' | 'first'
  /** The logout's HTTP status; 0: no answer. */
  readonly logoutStatus?: number
  /** The kill had ended the login, so that another was made for the logout. */
  readonly loggedInAgain?: true
  readonly steps: readonly DemoStep[]
  readonly leftOut: readonly string[]
  readonly sentence: string
}

/** What every result on such a service says of its circumstances. */
interface ForeignResult {
  readonly schemaVersion: 1
  readonly id: string
  readonly startedAt: string
  readonly service: string
  readonly entrance: string
  readonly command: string
  readonly seed: number
  readonly environment: Environment
  readonly leftOut: readonly string[]
  readonly sentences: readonly string[]
}

/**
 * A fault at such a service. In the outcomes `ok` is in, `unexpected_401` is out, by the statuses of the file; `4xx` is
 * whatever says neither and is no server's error.
 */
export interface ForeignFailure extends ForeignResult {
  readonly kind: 'foreign-chaos'
  readonly fault: ForeignFault
  readonly part: string
  readonly ratePerS: number
  readonly durationMs: number
  /** ms from the start of the load. */
  readonly faultAtMs: number
  readonly healAtMs: number
  /** Logins made, and those of them that no place accepted before the fault. */
  readonly logins: { readonly tried: number; readonly acceptedNowhere: number }
  /** How each login was asked for before and after: at every node, or through the entrance alone. */
  readonly surveyed: 'nodes' | 'entrance'
  /** `unclear`: of `users`, those whom afterwards no place accepted and not every one refused; they are not among the lost. */
  readonly survival: Pick<Survival, 'users' | 'lost' | 'lostOfDeadNode'> & { readonly unclear: number }
  /** Users refused through the entrance after the fault with a login that lived; `lasting`: to the end of the run. */
  readonly falseLogouts: { readonly users: number; readonly lasting: number }
  readonly outcomes: OutcomeCounts
  readonly before: OutcomeCounts
  /** Requests after the fault without an answer that says in or out; `lastMs`: when the last of them was due, from the fault. */
  readonly failed: { readonly count: number; readonly lastMs: number | null }
  /** In ÷ intended, over the run. */
  readonly availability: number
  /** As for our own cluster; null: not within the run. */
  readonly recoverMs: number | null
  readonly bins: readonly TimelineBin[]
  readonly events: readonly TimelineEvent[]
}

/** How long logins were accepted after their logout. Times in ms. */
export interface ForeignLag {
  readonly service: string
  readonly asked: number
  readonly acknowledged: number
  readonly watchedMs: number
  /** For each acknowledged logout of a login that the node had accepted: to the sending of the last accepted question. */
  readonly nodes: readonly {
    readonly id: string
    readonly lagsMs: readonly number[]
    readonly open: number
  }[]
  /** Logouts after which some place still accepted, or had not refused, when the watching ended. */
  readonly unfinished: number
  readonly gapP99Ms: number | null
  readonly sentence: string
  readonly leftOut: readonly string[]
}

/** A figure over rounds: Hodges–Lehmann, with its 95 % interval where there are rounds enough. */
export interface ForeignFigure {
  readonly value: number
  readonly interval: readonly [number, number] | null
  readonly n: number
}

/** Lookups at one rate. */
export interface ForeignBench extends ForeignResult {
  readonly kind: 'foreign-bench'
  readonly ratePerS: number
  /** Those that were taken. */
  readonly rounds: number
  readonly interrupted: boolean
  readonly windowMs: number
  readonly connections: number
  readonly users: number
  readonly outcomes: OutcomeCounts
  readonly inPerS: ForeignFigure
  readonly responseP50Ms: ForeignFigure | null
  readonly serviceP50Ms: ForeignFigure | null
  /** Over all rounds together; null: fewer than 1,000 answers. */
  readonly responseP99Ms: number | null
  readonly bytesUp: ForeignFigure | null
  readonly bytesDown: ForeignFigure | null
  /** CPU of all nodes ÷ answers; null: not measured. */
  readonly nodeCpuUs: ForeignFigure | null
  /** HdrHistogram V2, compressed, base64; µs; in alone. */
  readonly responseUs: string
  /** Checks of the load generator's work. */
  readonly checks: readonly Pick<SelfCheck, 'name' | 'ok' | 'detail' | 'voids'>[]
  /** False: a check failed that voids every figure; `latencyValid`: one that voids latency. */
  readonly valid: boolean
  readonly latencyValid: boolean
}

import type { AnswerStatuses } from '#contract/answer-statuses.ts'
import type { Credential } from '#contract/node-admin.ts'
import type { Expectation, Operation } from '#contract/operations.ts'
import type { Outcome, OutcomeCounts } from '#contract/outcomes.ts'
import type { RequestTemplate, Target } from '#contract/target.ts'

/** Somebody who sends: the headers of their credential, and what the mode's table says of it. */
export interface LoadClient {
  userId: string
  headers: Readonly<Record<string, string>>
  /** Where it is no cookie and a plan's requests present it. */
  refreshToken?: string
  expectation: Expectation
}

/** One kind of request of a mix. */
export interface MixedRequest {
  /** Its part of all requests is `weight` over the sum of all weights; each arrival is a seeded choice. */
  weight: number
  request: RequestTemplate
  userMember: string | undefined
  /** What the mode's table says; undefined: as the client's. */
  expectation?: Expectation
  /** Sent without the client's credential (a login); blanks of the body are filled in all the same. */
  withoutCredential?: boolean
  /**
   * It replaces the credential (a refresh): sent by a user of whom nothing is under way, and nothing else of theirs is
   * sent until it has ended. Wants `takeUp`.
   */
  isAlone?: boolean
  /** Fills `{user}` with the client's id, and what else the body asks for. */
  blanks?: Readonly<Record<string, string>>
}

/**
 * What a generator shall do; plain data, so that it can cross to the generator's process.
 *
 *     |-- leadMs --|------- windowMs -------|-- tailMs --|
 *     load runs all the time; only the window counts
 *
 * `closed`: by the time of completion, between the two edges. `open`: by intended time.
 */
export interface LoadPlan {
  kind: 'closed' | 'open'
  /** Base addresses, plain http. Connection i goes to `urls[i % n]`. */
  urls: readonly string[]
  /** The same for all clients; the client's headers are laid over the template's. */
  request: RequestTemplate
  /** Closed: connection i sends as `clients[i % n]` throughout. Open: each arrival is a seeded choice. */
  clients: readonly LoadClient[]
  /** Where a success's JSON body must name the client (`textAt`); undefined: nobody is named (baseline). */
  userMember: string | undefined
  /** Open only: what an answer's status says, at a service that is not ours. */
  statuses?: AnswerStatuses
  /** Open only: what is sent instead of `request`, each with its weight among all; undefined: `request` alone. */
  mixed?: readonly MixedRequest[]
  /** The mode that every success must name in `x-stillin-mode`; undefined: not looked at. */
  mode?: string
  connections: number
  leadMs: number
  windowMs: number
  tailMs: number
  /** Open only: arrivals a second over all connections. */
  ratePerS: number
  arrivals: 'poisson' | 'constant'
  seed: number
  /** From sending (or from opening the connection for it) to the last byte. */
  timeoutMs: number
  /** Open only: hand every sample to `onSamples`, those of lead and tail too. */
  keepSamples: boolean
  /** Open only: a client's `set-cookie` updates what it sends from then on (its affinity moves). */
  followCookies: boolean
  /**
   * Open only: what a success hands out (cookies, a token in a header or in the body, a refresh token) is what its
   * client presents from then on, in every kind of request; the window says what each held at the end.
   */
  takeUp?: { target: Target }
  /**
   * Closed only: each request of a connection presents what the last success handed out, and is rendered anew from the
   * target for this operation. Its cost is the generator's.
   */
  follow?: { target: Target; operation: Operation }
  /** Open only: how many due requests may wait for a connection; one more is `unsent`. Default: what is due within `timeoutMs`. */
  maxQueued?: number
}

/** One request of an open loop. µs on the monotonic clock (contract/clock.ts); 0 where it never came to that. */
export interface Sample {
  /** Index of the arrival, from 0 at the start of the lead. */
  seq: number
  user: string
  dueUs: number
  sentUs: number
  firstByteUs: number
  doneUs: number
  outcome: Outcome
  /** 0: no answer. */
  status: number
  /** `x-served-by`; empty where nobody said. */
  node: string
  /** `reason` of an error answer, or the transport's error code. */
  reason: string
  bytesUp: number
  bytesDown: number
}

/** Percentiles in ms, over `ok` alone; p99 is null below 1,000 samples, p50 below 1. */
export interface LatencySummary {
  p50: number | null
  p99: number | null
  count: number
}

/** What the window held. */
export interface LoadWindow {
  kind: 'closed' | 'open'
  /** Closed: when the edges were taken. Open: the window's bounds on the schedule. */
  startedUs: number
  endedUs: number
  /** When the generator took its edges: its CPU and `completed` are counted between these. */
  edgesUs: readonly [start: number, end: number]
  /** Open: due within the window. Closed: sent within it, refused connections included. */
  intended: number
  /** Of those, what left the generator, or tried to. */
  sent: number
  /** Requests awaiting their end at each edge. */
  inFlight: readonly [start: number, end: number]
  /** What became of the window's requests. Open: sums to `intended`. Closed: of those that ended within it. */
  outcomes: OutcomeCounts
  /** What ended between the edges, whenever it was due: what servers' own counts compare with. */
  completed: OutcomeCounts
  /** Whole answers between the edges, by `x-served-by` (empty name: the answer had none). */
  byNode: Record<string, number>
  /** Successes that named another mode than the plan's. */
  wrongMode: number
  /** HdrHistogram V2, compressed, base64; µs; `ok` only. Response runs from the intended time, service from sending. */
  responseUs: string
  serviceUs: string
  responseMs: LatencySummary
  serviceMs: LatencySummary
  /** Sent − intended, over everything sent. Closed loop: null, since nothing is intended. */
  latenessMs: { p50: number | null; p99: number | null }
  /** The 99th percentiles however few samples carry them: for the harness's check of itself, never for a report. */
  tailMs: { lateness: number | null; response: number | null }
  /** Of the window's requests: heads and bodies as put on the wire, without TCP. */
  bytesUp: number
  bytesDown: number
  /** `set-cookie` lines received. */
  setCookies: number
  /** The generator's process between the edges: all its threads, and the one that sends. */
  generatorCpu: { userUs: number; systemUs: number; loopUs: number; elapsedUs: number }
  /** Open: the thread that keeps time. `lateMs`: how long after the wanted moment it woke. */
  ticks: { count: number; lateMs: { p50: number | null; p99: number | null } } | null
  /** Connections opened again after they were lost, in the whole run. */
  reconnects: number
  /** Where the plan takes credentials up: what each client held when the run ended, in the order of the plan. */
  held?: readonly Credential[]
}

export interface LoadHooks {
  /** Called as the window begins and ends, at once. */
  onEdge?(edge: 'start' | 'end', atUs: number): void
  onSamples?(batch: readonly Sample[]): void
}

/** Sends load according to plans, one at a time. */
export interface LoadGenerator {
  /**
   * @param signal ends the run early: what was measured is discarded.
   * @throws AbortError (the signal's reason) when aborted; StillinError for a plan that cannot be run.
   */
  run(plan: LoadPlan, hooks?: LoadHooks, signal?: AbortSignal): Promise<LoadWindow>
  close(): Promise<void>
}

import type { Outcome } from '#contract/outcomes.ts'
import type { PreparedClient } from './prepared-client.ts'

/** One due request on its way: intended, sent, first byte, end. µs on the monotonic clock; 0: not yet. */
export interface Arrival {
  readonly seq: number
  readonly client: PreparedClient
  /** Who sends it, by their place in the plan. */
  readonly user: number
  readonly dueUs: number
  sentUs: number
  firstByteUs: number
  doneUs: number
}

export function createArrival(seq: number, client: PreparedClient, user: number, dueUs: number): Arrival {
  return { seq, client, user, dueUs, sentUs: 0, firstByteUs: 0, doneUs: 0 }
}

/** What came of it on the wire. */
export interface Settled {
  outcome: Outcome
  status: number
  node: string
  reason: string
  bytesUp: number
  bytesDown: number
  setCookies: number
  isWrongMode: boolean
}

export const NOTHING_CAME = {
  status: 0,
  node: '',
  bytesUp: 0,
  bytesDown: 0,
  setCookies: 0,
  isWrongMode: false,
} as const

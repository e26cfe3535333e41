import type { Fault } from '#bench/chaos/fault.ts'

/** When what happens in a failure run, ms from its start, and how hard it is driven. */
export interface FailureSchedule {
  faultAtMs: number
  healAtMs: number
  durationMs: number
  ratePerS: number
  /** Users under load; the logout probes come on top. */
  users: number
  probes: number
  probeLifetimeS: number
  connections: number
  /** Beside the load, who logged out just before the fault or tries to while it lasts is asked about. */
  withOutage?: true
}

/** About 11 s: long enough for a 5 s token to expire, for active checks to notice, and for the node to come back. */
export const DEFAULT_FAILURE_SCHEDULE: FailureSchedule = {
  faultAtMs: 5_500,
  healAtMs: 7_000,
  durationMs: 11_000,
  ratePerS: 300,
  users: 300,
  probes: 12,
  probeLifetimeS: 5,
  connections: 32,
}

/** Between the heal and the end: time to recover, and a last second that shows it. */
export const SETTLE_MS = 4_000

/** The schedule of this fault: it begins at `atMs` and lasts `forMs`, or as long as the fault usually does. */
export function scheduleOf(
  fault: Pick<Fault, 'forMs' | 'takesMs'>,
  base: FailureSchedule,
  wanted: { atMs?: number | undefined; forMs?: number | undefined; settleMs?: number | undefined } = {},
): FailureSchedule {
  const faultAtMs = wanted.atMs ?? base.faultAtMs
  const lastsMs = fault.forMs === null ? 0 : (wanted.forMs ?? fault.forMs)
  const healAtMs = faultAtMs + fault.takesMs + lastsMs
  return { ...base, faultAtMs, healAtMs, durationMs: healAtMs + (wanted.settleMs ?? SETTLE_MS) }
}

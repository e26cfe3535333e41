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

import { EXIT, StillinError } from '#contract/errors.ts'

/** Of the load's own logins, and of those that a mix makes. */
const OTHER_SESSIONS = 100_000
/** What a node's memory counts for a session beside its data: less than this. */
const SESSION_BYTES = 1_000
/** Preloading takes minutes; what was loaded first must still live when the last round ends. */
const LIFETIME_S = 7_200
/** The burst of a preload on a busy machine must not be taken for an outage of the store. */
const STORE_TIMEOUT_MS = 5_000
const MOST_BYTES = 4 * 1024 ** 3

/** What the logins of a run are to hold, and how many there are beside those of the load. */
export interface LiveSessions {
  sessions: number
  payloadBytes: number
}

/**
 * The bounds and the lifetime that a cluster needs for that many live sessions.
 * @throws StillinError where they would take more than 4 GiB.
 */
export function sessionRoom({ sessions, payloadBytes }: LiveSessions) {
  // A character counts two bytes in a node's memory.
  const bytesEach = SESSION_BYTES + 2 * payloadBytes
  if (sessions * bytesEach > MOST_BYTES) {
    throw new StillinError(
      `--sessions ${sessions} with --payload ${payloadBytes} would take more than 4 GiB`,
      {
        exitCode: EXIT.usage,
        hint: `With that payload at most ${Math.floor(MOST_BYTES / bytesEach)} sessions fit.`,
      },
    )
  }
  const maxSessions = sessions + OTHER_SESSIONS
  const memory = { maxSessions, maxBytes: maxSessions * bytesEach }
  const nodeEnvironment = { STILLIN_REDIS_TIMEOUT_MS: String(STORE_TIMEOUT_MS) }
  return { memory, lifetimeS: LIFETIME_S, ...(sessions > 0 ? { nodeEnvironment } : {}) }
}

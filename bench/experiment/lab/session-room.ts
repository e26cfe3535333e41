import { EXIT, StillinError } from '#contract/errors.ts'
import type { ModeName } from '#contract/modes.ts'
import { sessionHome } from './session-home.ts'

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
  const bytesEach = bytesOf(payloadBytes)
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
  // Of the largest payloads a mix cannot make that many more before the memory for them is gone.
  const memory = { maxSessions, maxBytes: Math.min(maxSessions * bytesEach, 2 * MOST_BYTES) }
  const nodeEnvironment = { STILLIN_REDIS_TIMEOUT_MS: String(STORE_TIMEOUT_MS) }
  return { memory, lifetimeS: LIFETIME_S, ...(sessions > 0 ? { nodeEnvironment } : {}) }
}

/**
 * @param availableBytes what this machine, or the group that this process belongs to, has left.
 * @throws StillinError where the sessions of these modes would not fit: a machine that swaps or kills measures nothing.
 */
export function demandMemory(
  { sessions, payloadBytes }: LiveSessions,
  { modes, nodes, availableBytes }: { modes: readonly ModeName[]; nodes: number; availableBytes: number },
): void {
  const homes = [...new Set(modes.map(sessionHome).filter((home) => home !== undefined))]
  const copies = homes.reduce((sum, home) => sum + (home === 'every-node' ? nodes : 1), 0)
  const wanted = sessions * bytesOf(payloadBytes) * copies
  if (wanted <= availableBytes) return
  const inGiB = (bytes: number) => (bytes / 1024 ** 3).toFixed(1)
  throw new StillinError(
    `--sessions ${sessions} in ${modes.join(', ')} may take ${inGiB(wanted)} GiB, and ${inGiB(availableBytes)} are free`,
    { exitCode: EXIT.usage, hint: 'Ask for fewer sessions, or for one mode at a time.' },
  )
}

/** A character counts two bytes in a node's memory. */
function bytesOf(payloadBytes: number): number {
  return SESSION_BYTES + 2 * payloadBytes
}

import { hash, randomBytes } from 'node:crypto'
import type { ModeName } from '#contract/modes.ts'

/** What a session id tells without asking the store. Signed in the cookie, so it can be trusted. */
export interface ParsedSessionId {
  mode: string
  deadlineMs: number
  userId: string
}

const SESSION_ID = /^([a-z-]{1,32})\.([0-9a-z]{1,10})\.([A-Za-z0-9_-]{1,64})\.[A-Za-z0-9_-]{43}$/

/**
 * A new session id: `mode.deadline.user.random`, 256 random bits. The mode is its purpose; the deadline is there
 * because a store that reads and extends in one command cannot know it beforehand; the user, because the epoch is
 * read in the same round trip.
 */
export function newSessionId(mode: ModeName, userId: string, deadlineMs: number): string {
  return `${mode}.${deadlineMs.toString(36)}.${userId}.${randomBytes(32).toString('base64url')}`
}

/** undefined when the text is no session id. */
export function parseSessionId(id: string): ParsedSessionId | undefined {
  const match = SESSION_ID.exec(id)
  if (match === null) return undefined
  const [, mode = '', deadline = '', userId = ''] = match
  return { mode, deadlineMs: Number.parseInt(deadline, 36), userId }
}

/** What a store knows a session by: a dump of the store logs nobody in. */
export function hashSessionId(id: string): string {
  return hash('sha256', id, 'base64url')
}

import { newSessionId } from '#services/auth/sessions/session-id.ts'
import type { Session, SessionStore } from '#services/auth/sessions/session-store.ts'

let users = 0
/** A session of a user of its own, not yet in the store. */
export function session(store: SessionStore, nowMs: number, more: Partial<Session> = {}): Promise<Session> {
  users += 1
  const userId = more.userId ?? `user-${users}-${process.pid}`
  const deadlineMs = more.deadlineMs ?? nowMs + 60_000
  return store.epochOf(userId).then((epoch) => ({
    id: newSessionId('redis', userId, deadlineMs),
    userId,
    role: 'user',
    loginAt: new Date(nowMs).toISOString(),
    epoch,
    deadlineMs,
    ...more,
  }))
}

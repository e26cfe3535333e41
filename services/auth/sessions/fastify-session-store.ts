import type { SessionStore as StockStore } from '@fastify/session'
import type * as Fastify from 'fastify'
import type { JsonObject } from '../credentials/credential-strategy.ts'
import type { SessionStore } from './session-store.ts'
import { findIn } from './session-store.ts'

declare module 'fastify' {
  interface Session {
    /** Absent in a session that nobody logged in. */
    userId?: string
    role?: string
    loginAt?: string
    epoch?: number
    deadlineMs?: number
    family?: string
    data?: JsonObject
    /** Set in place of a login by a store that knows why there is none. */
    refused?: 'revoked'
  }
}

/** Thrown by `session.save()` when the session was deleted meanwhile. */
export class SessionGone extends Error {}

type StockSession = Fastify.Session

/**
 * One of our stores in the shape @fastify/session wants. Sessions are created by the login alone, never from here:
 * the stock library saves with `set` whatever a request changed, and a store that took it would bring a session
 * back that was deleted while the request ran. So `set` only ever updates.
 * @param idleCounts false: a read need not begin the idle time anew.
 */
export function fastifySessionStore(store: SessionStore, idleCounts: boolean): StockStore {
  const read = findIn(store, idleCounts)
  return {
    get(id, callback) {
      read(id).then(
        (session) => {
          if (session === undefined) return callback(null, null)
          // The library completes what it is given (cookie settings) and copies it: nothing of the store is shared.
          const record = session === 'revoked' ? { refused: session } : session
          return callback(null, record as unknown as StockSession)
        },
        (error: unknown) => callback(error),
      )
    },
    set(id, session, callback) {
      const { userId, role, loginAt, epoch, deadlineMs, family, data } = session
      // A session nobody logged in is not worth keeping.
      if (userId === undefined || role === undefined || loginAt === undefined) return callback()
      if (epoch === undefined || deadlineMs === undefined) return callback()
      const login = { id, userId, role, loginAt, epoch, deadlineMs }
      store.update({ ...login, ...(family && { family }), ...(data && { data }) }).then(
        (result) => callback(result === 'gone' ? new SessionGone() : undefined),
        (error: unknown) => callback(error),
      )
    },
    destroy(id, callback) {
      store.delete(id).then(
        () => callback(),
        (error: unknown) => callback(error),
      )
    },
  }
}

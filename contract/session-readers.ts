/**
 * How a node finds the session that a request carries: by @fastify/session as people use it, or straight from the
 * store (one signature, one question), which shows what part of the cost is the library's.
 */
export const SESSION_READERS = ['fastify-session', 'direct'] as const
export type SessionReaderName = (typeof SESSION_READERS)[number]

import type { Session } from './session-store.ts'

/** What ends for a new session of a user who has as many as there may be. */
export interface Surplus {
  /** Of the sessions. */
  readonly keys: readonly string[]
  /** Of refresh tokens: a login that could still be refreshed would come back. */
  readonly families: readonly string[]
}

export const NO_SURPLUS: Surplus = { keys: [], families: [] }

/**
 * Spared is a family of which a session is left: two tabs that refresh at once make two of one login.
 * @param live the user's sessions, the one that would end first first.
 * @param own the new session's family; undefined: it has none, and nobody is there to end any.
 */
export function surplusOf(
  live: readonly (readonly [key: string, session: Pick<Session, 'family'>])[],
  perUser: number,
  own: string | undefined,
): Surplus {
  const count = Math.max(0, live.length - perUser + 1)
  const ended = live.slice(0, count)
  const spared = new Set([own, ...live.slice(count).map(([, { family }]) => family)])
  const families = ended.flatMap(([, { family }]) =>
    family === undefined || spared.has(family) ? [] : [family],
  )
  return {
    keys: ended.map(([key]) => key),
    families: own === undefined ? [] : families,
  }
}

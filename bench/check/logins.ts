import type { History, HistoryLine, IssuedCredential } from '#contract/history.ts'

/** One login as a history knows it: how it began, and every use of it. */
export interface Login {
  readonly name: string
  readonly user: string
  /** The operation that was answered with it. */
  readonly issue: HistoryLine
  readonly issued: IssuedCredential
  /** Operations that presented one of its credentials, in the order of their invocation. */
  readonly uses: readonly HistoryLine[]
}

/** Every acknowledged login, by name, in the order of invocation. */
export function loginsOf({ lines }: History): ReadonlyMap<string, Login> {
  const logins = new Map<string, Login & { uses: HistoryLine[] }>()
  for (const line of lines) {
    const { issued, certainty } = line
    if (issued === undefined || certainty !== 'ok' || issued.login === line.login) continue
    if (!logins.has(issued.login))
      logins.set(issued.login, { name: issued.login, user: line.user, issue: line, issued, uses: [] })
  }
  for (const line of lines) if (line.login !== undefined) logins.get(line.login)?.uses.push(line)
  return logins
}

/** The logins of each user. */
export function byUser(logins: ReadonlyMap<string, Login>): ReadonlyMap<string, readonly Login[]> {
  return Map.groupBy(logins.values(), ({ user }) => user)
}

/** `family.place` in its parts. */
export function parseRefreshToken(token: string): { family: string; place: number } {
  const dot = token.lastIndexOf('.')
  return { family: token.slice(0, dot), place: Number(token.slice(dot + 1)) }
}

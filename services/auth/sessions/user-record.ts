import { CLOCK_SLACK_MS } from '../clock.ts'
import type { Session, SessionLimits } from './session-store.ts'
import { NO_SURPLUS, type Surplus, surplusOf } from './surplus.ts'

/** A session as a record holds it, under the hash of its id. */
export interface KeptSession
  extends Pick<Session, 'role' | 'loginAt' | 'epoch' | 'deadlineMs' | 'family' | 'data'> {
  /** When it ends unless it is used again; never after its deadline. */
  readonly idleUntilMs: number
}

/** Everything that is kept of a user's logins: one record, so that one question finds session and epoch together. */
export interface UserRecord {
  epoch: number
  /** In the order of login. Void ones are kept until their end, so that they are refused as revoked. */
  readonly sessions: Map<string, KeptSession>
}

/** Of a user who logs out everywhere again and again, only so many void sessions are remembered as revoked. */
const VOID_MAX = 100

export function userRecordName(userId: string): string {
  return `user.${userId}`
}

/**
 * A user nobody knows begins above every epoch ever counted up from an earlier beginning, so that an epoch that was
 * lost with its record never comes again.
 */
export function readUserRecord(text: string | undefined): UserRecord {
  if (text === undefined) return { epoch: Date.now(), sessions: new Map() }
  const { epoch, sessions } = JSON.parse(text) as { epoch: number; sessions: [string, KeptSession][] }
  return { epoch, sessions: new Map(sessions) }
}

export function isLive(record: UserRecord, session: KeptSession, nowMs: number): boolean {
  return session.epoch === record.epoch && !isOver(session, nowMs)
}

export function isOver({ deadlineMs, idleUntilMs }: KeptSession, nowMs: number): boolean {
  return nowMs >= deadlineMs || nowMs >= idleUntilMs
}

/** What ends for a new session of this user: those that would end first, and what is over by this clock. */
export function surplusIn(
  record: UserRecord,
  { perUser, atPerUser }: SessionLimits,
  { family }: Pick<Session, 'family'>,
  nowMs: number,
): Surplus | 'refused' {
  if (perUser === undefined) return NO_SURPLUS
  const live = [...record.sessions]
    .filter(([, session]) => isLive(record, session, nowMs))
    .sort(([, a], [, b]) => a.deadlineMs - b.deadlineMs)
  if (live.length >= perUser && atPerUser === 'refuse') return 'refused'
  const over = [...record.sessions].filter(([, session]) => isOver(session, nowMs))
  const { keys, families } = surplusOf(live, perUser, family)
  return { keys: [...over.map(([hash]) => hash), ...keys], families }
}

/** The record as it is to be kept: without sessions that have long been over (another node’s clock may be right). `liveUntilMs`: the last deadline of those that are not void. */
export function writeUserRecord(record: UserRecord, nowMs: number): { text: string; liveUntilMs: number } {
  const kept = [...record.sessions].filter(([, session]) => !isOver(session, nowMs - CLOCK_SLACK_MS))
  const live = kept.filter(([, session]) => session.epoch === record.epoch)
  const forgotten = new Set(
    kept
      .filter(([, session]) => session.epoch !== record.epoch)
      .slice(0, -VOID_MAX)
      .map(([hash]) => hash),
  )
  return {
    text: JSON.stringify({ epoch: record.epoch, sessions: kept.filter(([hash]) => !forgotten.has(hash)) }),
    liveUntilMs: Math.max(0, ...live.map(([, { deadlineMs }]) => deadlineMs)),
  }
}

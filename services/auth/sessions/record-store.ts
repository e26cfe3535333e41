import type { Clock } from '../clock.ts'
import { AnswerError } from '../errors.ts'
import type { GuardedRecords } from '../records/guarded-records.ts'
import { OnlineRecord } from './online-record.ts'
import { hashSessionId, parseSessionId } from './session-id.ts'
import type { LiveSession, Session, SessionLimits, SessionStore, UsersOnline } from './session-store.ts'
import { LISTED_MAX, NO_LIMITS } from './session-store.ts'
import { NO_SURPLUS } from './surplus.ts'
import type { KeptSession, UserRecord } from './user-record.ts'
import { isLive, isOver, readUserRecord, surplusIn, userRecordName, writeUserRecord } from './user-record.ts'

/** The idle time is extended when this share of it has passed: a write for every lookup is what these stores do worst. */
const EXTEND_AFTER = 0.1

type Change<T> = (record: UserRecord, isThere: boolean) => { result: T; isChanged: boolean }

/**
 * Sessions in any store that can compare and swap, a record a user. A lookup is one question; whatever changes a record
 * has seen it as it is, so that nothing that was ended comes back. Time is kept by the nodes, not by the store.
 */
export class RecordStore implements SessionStore {
  readonly #records: GuardedRecords
  readonly #clock: Clock
  readonly #idleMs: number
  readonly #limits: SessionLimits
  readonly #online: OnlineRecord | undefined
  /** Absent where nobody can count: memcached lists nothing, and without a limit nobody keeps a list. */
  readonly usersOnline?: () => Promise<UsersOnline>
  readonly listing = {
    list: (userId: string) => this.#list(userId),
    familyOf: async (userId: string, handle: string) =>
      (await this.#record(userId)).sessions.get(handle)?.family,
    end: (userId: string, handle: string) => this.#end(userId, handle),
  }

  constructor(records: GuardedRecords, clock: Clock, idleMs: number, limits: SessionLimits = NO_LIMITS) {
    this.#records = records
    this.#clock = clock
    this.#idleMs = idleMs
    this.#limits = limits
    const { usersOnline: max } = limits
    this.#online = max === undefined ? undefined : new OnlineRecord(records, max)
    if (this.#online !== undefined || records.canCount) this.usersOnline = () => this.#countOnline()
  }

  async epochOf(userId: string): Promise<number> {
    const known = await this.#records.read(userRecordName(userId))
    if (known !== undefined) return readUserRecord(known).epoch
    return this.#change(userId, ({ epoch }, isThere) => ({ result: epoch, isChanged: !isThere }))
  }

  async create(session: Session): Promise<readonly string[]> {
    const { id, userId, deadlineMs, epoch } = session
    const nowMs = this.#clock.now()
    if (deadlineMs <= nowMs) return []
    const hash = hashSessionId(id)
    const made = await this.#change<'taken' | 'limit' | 'void' | readonly string[]>(userId, (record) => {
      if (record.sessions.has(hash)) return { result: 'taken', isChanged: false }
      const surplus = epoch === record.epoch ? surplusIn(record, this.#limits, session, nowMs) : NO_SURPLUS
      if (surplus === 'refused') return { result: 'limit', isChanged: false }
      for (const oldest of surplus.keys) record.sessions.delete(oldest)
      record.sessions.set(hash, this.#kept(session))
      return { result: epoch === record.epoch ? surplus.families : 'void', isChanged: true }
    })
    if (made === 'taken') throw new Error('a session id was drawn twice')
    if (made === 'limit') throw new AnswerError('sessionLimit')
    if (made === 'void') return []
    if (this.#online === undefined) return made
    if ((await this.#online.enter(userId, deadlineMs, nowMs)) === 'entered') return made
    await this.#end(userId, hash)
    throw new AnswerError('usersOnlineLimit')
  }

  async createAlike(session: Omit<Session, 'id'>, ids: readonly string[]): Promise<void> {
    const isLimited = this.#limits.perUser !== undefined || this.#online !== undefined
    if (session.deadlineMs <= this.#clock.now()) return
    if (isLimited) for (const id of ids) await this.create({ id, ...session })
    else
      await this.#change(session.userId, ({ sessions }) => {
        for (const id of ids) sessions.set(hashSessionId(id), this.#kept(session))
        return { result: undefined, isChanged: true }
      })
  }

  async read(id: string): Promise<Session | 'revoked' | undefined> {
    const parsed = parseSessionId(id)
    const nowMs = this.#clock.now()
    if (parsed === undefined || parsed.deadlineMs <= nowMs) return undefined
    const { userId } = parsed
    const record = await this.#record(userId)
    const kept = record.sessions.get(hashSessionId(id))
    if (kept === undefined || isOver(kept, nowMs)) return undefined
    if (kept.epoch !== record.epoch) return 'revoked'
    await this.#extend(userId, id, kept, nowMs)
    const { idleUntilMs: _, ...session } = kept
    return { id, userId, ...session }
  }

  update(session: Session): Promise<'updated' | 'gone'> {
    const hash = hashSessionId(session.id)
    return this.#change(session.userId, ({ sessions }) => {
      const kept = sessions.get(hash)
      if (kept === undefined || isOver(kept, this.#clock.now())) return { result: 'gone', isChanged: false }
      sessions.set(hash, this.#kept(session))
      return { result: 'updated', isChanged: true }
    })
  }

  async delete(id: string): Promise<void> {
    const parsed = parseSessionId(id)
    if (parsed !== undefined) await this.#end(parsed.userId, hashSessionId(id))
  }

  async advanceEpoch(userId: string): Promise<void> {
    await this.#change(userId, (record) => {
      record.epoch += 1
      return { result: undefined, isChanged: true }
    })
    await this.#leave(userId)
  }

  ping(): Promise<'up' | 'down'> {
    return this.#records.ping()
  }

  close(): Promise<void> {
    return this.#records.close()
  }

  #change<T>(userId: string, change: Change<T>): Promise<T> {
    return this.#records.change(userRecordName(userId), (text) => {
      const record = readUserRecord(text)
      const { result, isChanged } = change(record, text !== undefined)
      return isChanged ? { result, next: writeUserRecord(record, this.#clock.now()) } : { result }
    })
  }

  #kept({ role, loginAt, epoch, deadlineMs, family, data }: Omit<Session, 'id'>): KeptSession {
    const idleUntilMs = Math.min(deadlineMs, this.#clock.now() + this.#idleMs)
    return { role, loginAt, epoch, deadlineMs, idleUntilMs, ...(family && { family }), ...(data && { data }) }
  }

  /** A session that could not be extended is good until its end all the same. */
  async #extend(userId: string, id: string, kept: KeptSession, nowMs: number): Promise<void> {
    const idleUntilMs = Math.min(kept.deadlineMs, nowMs + this.#idleMs)
    if (idleUntilMs - kept.idleUntilMs <= this.#idleMs * EXTEND_AFTER) return
    const hash = hashSessionId(id)
    const extension = this.#change(userId, ({ sessions }) => {
      const found = sessions.get(hash)
      if (found !== undefined) sessions.set(hash, { ...found, idleUntilMs })
      return { result: undefined, isChanged: found !== undefined }
    })
    await extension.catch(() => undefined)
  }

  async #list(userId: string): Promise<LiveSession[]> {
    const record = await this.#record(userId)
    return [...record.sessions]
      .filter(([, session]) => isLive(record, session, this.#clock.now()))
      .sort(([, a], [, b]) => b.deadlineMs - a.deadlineMs)
      .slice(0, LISTED_MAX)
      .map(([handle, { loginAt, deadlineMs }]) => ({ handle, loginAt, deadlineMs }))
  }

  async #record(userId: string): Promise<UserRecord> {
    return readUserRecord(await this.#records.read(userRecordName(userId)))
  }

  async #end(userId: string, hash: string): Promise<'ended' | 'unknown'> {
    const isEnded = await this.#change(userId, ({ sessions }) => {
      const isThere = sessions.delete(hash)
      return { result: isThere, isChanged: isThere }
    })
    await this.#leave(userId)
    return isEnded ? 'ended' : 'unknown'
  }

  async #leave(userId: string): Promise<void> {
    await this.#online?.leave(userId, this.#clock.now(), async () => (await this.#list(userId)).length > 0)
  }

  async #countOnline(): Promise<UsersOnline> {
    const nowMs = this.#clock.now()
    const users = await (this.#online?.count(nowMs) ?? this.#records.countLive('user', nowMs))
    return { users, scope: 'cluster' }
  }
}

import type { GuardedRecords } from '../records/guarded-records.ts'

const NAME = 'online'

/**
 * Who is online, kept only where there is a limit on them: one record for everybody, of no more users than the limit.
 * A user is entered after the session was made and taken out after the last one has gone, so that of a login and a
 * logout that meet the login stays entered: both change this record, and the later one has seen what the other did.
 */
export class OnlineRecord {
  readonly #records: GuardedRecords
  readonly #max: number

  constructor(records: GuardedRecords, max: number) {
    this.#records = records
    this.#max = max
  }

  enter(userId: string, untilMs: number, nowMs: number): Promise<'entered' | 'full'> {
    return this.#records.change(NAME, (text) => {
      const users = readUsers(text, nowMs)
      if (!users.has(userId) && users.size >= this.#max) return { result: 'full' }
      users.set(userId, Math.max(untilMs, users.get(userId) ?? 0))
      return { result: 'entered', next: written(users) }
    })
  }

  /** @param isIn asked after the record was read. */
  leave(userId: string, nowMs: number, isIn: () => Promise<boolean>): Promise<void> {
    return this.#records.change(NAME, async (text) => {
      const users = readUsers(text, nowMs)
      if (!users.has(userId) || (await isIn())) return { result: undefined }
      users.delete(userId)
      return { result: undefined, next: written(users) }
    })
  }

  async count(nowMs: number): Promise<number> {
    return readUsers(await this.#records.read(NAME), nowMs).size
  }
}

function readUsers(text: string | undefined, nowMs: number): Map<string, number> {
  const users = text === undefined ? [] : (JSON.parse(text) as [string, number][])
  return new Map(users.filter(([, untilMs]) => untilMs > nowMs))
}

function written(users: ReadonlyMap<string, number>): { text: string; liveUntilMs: number } {
  return { text: JSON.stringify([...users]), liveUntilMs: Math.max(0, ...users.values()) }
}

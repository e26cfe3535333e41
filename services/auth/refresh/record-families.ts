import { CLOCK_SLACK_MS, type Clock } from '../clock.ts'
import type { GuardedRecords } from '../records/guarded-records.ts'
import type { RefreshFamilies, Turn } from './refresh-families.ts'
import { GRACE_MS } from './refresh-families.ts'
import type { RefreshGrant } from './refresh-tokens.ts'

interface Family {
  readonly grant: RefreshGrant
  readonly place: number
  readonly turnedAtMs: number
  readonly isDead: boolean
}

interface FamilyRecord {
  epoch: number
  readonly families: Map<string, Family>
}

/** Families in any store that can compare and swap, a record a user beside the record of the user's sessions. */
export class RecordFamilies implements RefreshFamilies {
  readonly #records: GuardedRecords
  readonly #clock: Clock
  readonly #graceMs: number

  constructor(records: GuardedRecords, clock: Clock, graceMs: number = GRACE_MS) {
    this.#graceMs = graceMs
    this.#records = records
    this.#clock = clock
  }

  epochOf(userId: string): Promise<number> {
    return this.#change(userId, ({ epoch }, isThere) => ({ result: epoch, isChanged: !isThere }))
  }

  async create(family: string, grant: RefreshGrant): Promise<void> {
    await this.#change(grant.userId, ({ families }) => {
      const nowMs = this.#clock.now()
      for (const [name, old] of families)
        if (old.grant.deadlineMs + CLOCK_SLACK_MS <= nowMs) families.delete(name)
      families.set(family, { grant, place: 1, turnedAtMs: 0, isDead: false })
      return { result: undefined, isChanged: true }
    })
  }

  look(userId: string, family: string, place: number, nowMs: number): Promise<Turn> {
    return this.#use(userId, family, place, nowMs, 'stay')
  }

  turn(userId: string, family: string, place: number, nowMs: number): Promise<Turn> {
    return this.#use(userId, family, place, nowMs, 'move')
  }

  async end(userId: string, family: string): Promise<void> {
    await this.#change(userId, ({ families }) => ({
      result: undefined,
      isChanged: families.delete(family),
    }))
  }

  async advanceEpoch(userId: string): Promise<void> {
    await this.#change(userId, (record) => {
      record.epoch += 1
      return { result: undefined, isChanged: true }
    })
  }

  close(): Promise<void> {
    return this.#records.close()
  }

  #use(userId: string, family: string, place: number, nowMs: number, step: 'stay' | 'move'): Promise<Turn> {
    return this.#change<Turn>(userId, ({ epoch, families }) => {
      const unchanged = (outcome: Exclude<Turn['outcome'], 'turned'>) => ({
        result: { outcome },
        isChanged: false,
      })
      const found = families.get(family)
      if (found === undefined) return unchanged('unknown')
      const { grant, turnedAtMs, place: current } = found
      if (grant.deadlineMs <= nowMs) return unchanged('expired')
      if (found.isDead || grant.familyEpoch !== epoch) return unchanged('revoked')
      if (place === current) {
        families.set(family, { ...found, place: current + 1, turnedAtMs: nowMs })
        return { result: { outcome: 'turned', grant, place: current + 1 }, isChanged: step === 'move' }
      }
      const inGrace = this.#graceMs > 0 && nowMs - turnedAtMs < this.#graceMs
      if (place === current - 1 && inGrace)
        return { result: { outcome: 'turned', grant, place: current }, isChanged: false }
      if (place > current) return unchanged('unknown')
      families.set(family, { ...found, isDead: true })
      return { result: { outcome: 'reused' }, isChanged: true }
    })
  }

  #change<T>(
    userId: string,
    change: (record: FamilyRecord, isThere: boolean) => { result: T; isChanged: boolean },
  ): Promise<T> {
    return this.#records.change(`refresh.${userId}`, (text) => {
      const record = readRecord(text)
      const { result, isChanged } = change(record, text !== undefined)
      if (!isChanged) return { result }
      const deadlines = [...record.families.values()].map(({ grant }) => grant.deadlineMs)
      const next = { epoch: record.epoch, families: [...record.families] }
      return { result, next: { text: JSON.stringify(next), liveUntilMs: Math.max(0, ...deadlines) } }
    })
  }
}

/** As with sessions, a record that was lost begins above every epoch it ever had. */
function readRecord(text: string | undefined): FamilyRecord {
  if (text === undefined) return { epoch: Date.now(), families: new Map() }
  const { epoch, families } = JSON.parse(text) as { epoch: number; families: [string, Family][] }
  return { epoch, families: new Map(families) }
}

import type { Clock } from '../clock.ts'
import { AnswerError } from '../errors.ts'
import type { RefreshFamilies, Turn } from './refresh-families.ts'
import { GRACE_MS } from './refresh-families.ts'
import type { RefreshGrant } from './refresh-tokens.ts'

interface Family {
  readonly grant: RefreshGrant
  place: number
  turnedAtMs: number
  isDead: boolean
}

/** Families in this node's memory, for the modes whose logins are there too; gone with the process. */
export class MemoryFamilies implements RefreshFamilies {
  readonly #clock: Clock
  readonly #graceMs: number
  readonly #max: number
  /** In the order of login. */
  readonly #families = new Map<string, Family>()
  /** Users who logged out everywhere; bounded by the user directory. */
  readonly #epochs = new Map<string, number>()

  constructor(clock: Clock, max: number, graceMs: number = GRACE_MS) {
    this.#clock = clock
    this.#graceMs = graceMs
    this.#max = max
  }

  async epochOf(userId: string): Promise<number> {
    return this.#epochs.get(userId) ?? 0
  }

  async create(family: string, grant: RefreshGrant): Promise<void> {
    if (this.#families.size >= this.#max) this.#sweep()
    if (this.#families.size >= this.#max) throw new AnswerError('memoryFull')
    this.#families.set(family, { grant, place: 1, turnedAtMs: Number.NEGATIVE_INFINITY, isDead: false })
  }

  async look(userId: string, family: string, place: number, nowMs: number): Promise<Turn> {
    return this.#judge(userId, family, place, nowMs)
  }

  async turn(userId: string, family: string, place: number, nowMs: number): Promise<Turn> {
    const turn = this.#judge(userId, family, place, nowMs)
    const found = this.#families.get(family)
    if (turn.outcome === 'turned' && found?.place === place) {
      found.place = turn.place
      found.turnedAtMs = nowMs
    }
    return turn
  }

  async end(userId: string, family: string): Promise<void> {
    const found = this.#families.get(family)
    if (found?.grant.userId === userId) this.#families.delete(family)
  }

  async advanceEpoch(userId: string): Promise<void> {
    this.#epochs.set(userId, (this.#epochs.get(userId) ?? 0) + 1)
  }

  async close(): Promise<void> {
    this.#families.clear()
  }

  /** Moves nothing on; ends a family whose older token came again. */
  #judge(userId: string, family: string, place: number, nowMs: number): Turn {
    const found = this.#families.get(family)
    if (found === undefined || found.grant.userId !== userId) return { outcome: 'unknown' }
    const { grant } = found
    if (grant.deadlineMs <= nowMs) return { outcome: 'expired' }
    if (found.isDead || grant.familyEpoch !== (this.#epochs.get(userId) ?? 0)) return { outcome: 'revoked' }
    if (place === found.place) return { outcome: 'turned', grant, place: place + 1 }
    const inGrace = this.#graceMs > 0 && nowMs - found.turnedAtMs < this.#graceMs
    if (place === found.place - 1 && inGrace) return { outcome: 'turned', grant, place: found.place }
    if (place > found.place) return { outcome: 'unknown' }
    found.isDead = true
    return { outcome: 'reused' }
  }

  #sweep(): void {
    const nowMs = this.#clock.now()
    for (const [name, { grant }] of this.#families) if (grant.deadlineMs <= nowMs) this.#families.delete(name)
  }
}

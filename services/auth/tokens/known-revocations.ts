import type { News, Truth } from './pushed-truth.ts'
import type { RevocableClaims } from './revocations.ts'
import { REVOCATION_SLACK_MS } from './revocations.ts'

/** Between two looks for what has expired. */
const PRUNE_EVERY_MS = 5_000

/**
 * What a node knows to be revoked. Bounded by expiry: a revoked login is forgotten when its token is over, a user's
 * epoch when every token from before it is (epochs are times in ms; a user without one has the base epoch, which is
 * below that of every token that is still alive by then).
 */
export class KnownRevocations {
  readonly #lifetimeMs: number
  #base = 0
  #revoked = new Map<string, number>()
  #epochs = new Map<string, number>()
  #prunedAtMs = 0
  /** The time by which it was last decided what is over. */
  #forgotAtMs = 0

  constructor(lifetimeMs: number) {
    this.#lifetimeMs = lifetimeMs
  }

  get size(): number {
    return this.#revoked.size + this.#epochs.size
  }

  get base(): number {
    return this.#base
  }

  isRevoked({ sid, sub, epoch }: RevocableClaims): boolean {
    return this.#revoked.has(sid) || epoch < (this.#epochs.get(sub) ?? this.#base)
  }

  /** Does nothing lack that matters at this time? Not where a clock was fast when it let go of what is not over yet. */
  remembersAt(nowMs: number): boolean {
    return nowMs >= this.#forgotAtMs - REVOCATION_SLACK_MS
  }

  /** @param nowMs the time whose horizon the truth was asked for with. */
  replace({ base, revoked, epochs }: Truth, nowMs: number): void {
    this.#forgotAtMs = nowMs
    this.#base = base
    this.#revoked = new Map(revoked)
    this.#epochs = new Map(epochs)
  }

  add(news: News): void {
    if (news.kind === 'login') this.addLogin(news.sid, news.untilMs)
    else this.addUser(news.userId, news.epoch)
  }

  addLogin(sid: string, untilMs: number): void {
    this.#revoked.set(sid, untilMs)
  }

  /** An epoch never goes back, in whatever order one hears of it. */
  addUser(userId: string, epoch: number): void {
    this.#epochs.set(userId, Math.max(epoch, this.#epochs.get(userId) ?? 0))
  }

  /** The oldest end of a token, and the oldest epoch, that still matter. */
  horizon(nowMs: number): { endMs: number; epochMs: number } {
    const endMs = nowMs - REVOCATION_SLACK_MS
    return { endMs, epochMs: endMs - this.#lifetimeMs }
  }

  prune(nowMs: number): void {
    if (Math.abs(nowMs - this.#prunedAtMs) < PRUNE_EVERY_MS) return
    this.#prunedAtMs = nowMs
    this.#forgotAtMs = Math.max(this.#forgotAtMs, nowMs)
    const { endMs, epochMs } = this.horizon(nowMs)
    for (const [sid, untilMs] of this.#revoked) if (untilMs < endMs) this.#revoked.delete(sid)
    for (const [userId, epoch] of this.#epochs) if (epoch < epochMs) this.#epochs.delete(userId)
  }
}

import { setTimeout as delay } from 'node:timers/promises'
import { Redis } from 'ioredis'
import type { Clock } from '../clock.ts'
import type { Upkeep } from '../upkeep.ts'
import type { KnownRevocations } from './known-revocations.ts'
import { readNews, readPosition, readTruth } from './pushed-truth.ts'

const CONNECT_TIMEOUT_MS = 1_000
const RECONNECT_MAX_MS = 250
const RETRY_MS = 25
/** Longest wait for news. Its end is the heartbeat: Redis itself says that there was none, and nobody has to write one. */
const BLOCK_MAX_MS = 250
const NEWS_MAX = 1_000

export interface FeedOptions {
  readonly url: string
  /** How old knowledge may be before it is nobody's any more. */
  readonly boundMs: number
  readonly timeoutMs: number
  readonly clock: Clock
  readonly countCommands: (commands: number) => void
}

/**
 * Keeps what a node knows to be revoked up to date, over a connection of its own:
 *
 *   the whole truth ─► news after its sequence ─► … ─► a gap, another store ─► the whole truth
 *
 * After a lost connection it goes on where it was. Knowledge is as old as the question whose answer brought it, not
 * as the answer: what lay in a socket while this process was paused is no news. What is known ends with the tokens
 * that it is about, by this node's clock: where that goes back behind what has been forgotten, nothing is known before
 * the whole truth was taken again, or what a fast clock had let go would be accepted as soon as it is right.
 */
export class RevocationFeed implements Upkeep {
  readonly #known: KnownRevocations
  readonly #options: FeedOptions
  readonly #redis: Redis
  readonly #blockMs: number
  readonly #closing = new AbortController()
  #position: { base: number; sequence: number } | undefined
  #knowsAllUntilMs = Number.NEGATIVE_INFINITY
  #running: Promise<void> | undefined
  /** Settled unless the feed rests. */
  #awake = Promise.withResolvers<void>()
  #onStep: () => void = () => undefined
  /** How often the whole truth was taken: once at the start, and whenever news had been missed. */
  reloads = 0

  constructor(known: KnownRevocations, options: FeedOptions) {
    this.#known = known
    this.#options = options
    this.#blockMs = Math.min(BLOCK_MAX_MS, Math.floor(options.boundMs / 4))
    this.#awake.resolve()
    const timeoutMs = this.#blockMs + options.timeoutMs
    this.#redis = new Redis(options.url, {
      lazyConnect: true,
      connectTimeout: CONNECT_TIMEOUT_MS,
      commandTimeout: timeoutMs,
      socketTimeout: timeoutMs + CONNECT_TIMEOUT_MS,
      maxRetriesPerRequest: 0,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      retryStrategy: (attempt) => Math.min(attempt * 50, RECONNECT_MAX_MS),
    })
    // A lost connection is told by the commands that fail on it; without a listener it would end the process.
    this.#redis.on('error', () => undefined)
  }

  /** Begins; resolves when the node knows everything, or after a second without Redis (it goes on trying). */
  async start(): Promise<void> {
    this.#redis.connect().catch(() => undefined)
    this.#running = this.#run()
    await this.#nextKnowledge()
  }

  rest(): void {
    this.#awake = Promise.withResolvers()
  }

  async wake(): Promise<void> {
    this.#awake.resolve()
    if (!this.isFresh()) await this.#nextKnowledge()
  }

  /** Does this node know of everything that was acknowledged longer than the bound ago? `nowMs` is monotonic. */
  isFresh(nowMs: number = performance.now()): boolean {
    const { boundMs, clock } = this.#options
    return nowMs - this.#knowsAllUntilMs <= boundMs && this.#known.remembersAt(clock.now())
  }

  async close(): Promise<void> {
    this.#closing.abort()
    this.#awake.resolve()
    this.#redis.disconnect()
    await this.#running
  }

  /** Resolves when the node knows everything, or after a second. */
  async #nextKnowledge(): Promise<void> {
    const next = Promise.withResolvers<void>()
    this.#onStep = next.resolve
    const limit = new AbortController()
    await Promise.race([
      next.promise,
      delay(CONNECT_TIMEOUT_MS, undefined, { signal: limit.signal }).catch(() => undefined),
    ])
    limit.abort()
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing
    while (!signal.aborted) {
      try {
        await this.#awake.promise
        await this.#step()
        if (this.isFresh()) this.#onStep()
      } catch {
        await delay(RETRY_MS, undefined, { signal }).catch(() => undefined)
      }
    }
  }

  async #step(): Promise<void> {
    if (!this.#known.remembersAt(this.#options.clock.now())) this.#position = undefined
    const askedAtMs = performance.now()
    const isComplete = this.#position === undefined ? await this.#takeTruth() : await this.#takeNews()
    if (isComplete) this.#knowsAllUntilMs = askedAtMs
    this.#known.prune(this.#options.clock.now())
  }

  async #takeTruth(): Promise<boolean> {
    this.#options.countCommands(1)
    const nowMs = this.#options.clock.now()
    const { endMs, epochMs } = this.#known.horizon(nowMs)
    const truth = await readTruth(this.#redis, endMs, epochMs)
    this.#known.replace(truth, nowMs)
    this.#position = { base: truth.base, sequence: truth.sequence }
    this.reloads += 1
    return true
  }

  /** False: there may be more, or news were missed and the whole truth is taken next. */
  async #takeNews(): Promise<boolean> {
    const position = this.#position
    if (position === undefined) return false
    this.#options.countCommands(2)
    const [store, news] = await Promise.all([
      readPosition(this.#redis),
      readNews(this.#redis, position.sequence, this.#blockMs, NEWS_MAX),
    ])
    const isOurs = store !== undefined && store.base === position.base && store.sequence >= position.sequence
    const isWhole = news.every((item, index) => item.sequence === position.sequence + index + 1)
    const wasTrimmed = news.length === 0 && store !== undefined && store.sequence > position.sequence
    if (!isOurs || !isWhole || wasTrimmed) {
      this.#position = undefined
      return false
    }
    for (const item of news) this.#known.add(item)
    this.#position = { ...position, sequence: position.sequence + news.length }
    return news.length < NEWS_MAX
  }
}

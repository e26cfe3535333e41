import { Redis } from 'ioredis'
import type { Upkeep } from '../upkeep.ts'
import type { RedisConnection } from './redis-connection.ts'

const CHANNEL = '__redis__:invalidate'
const CONNECT_TIMEOUT_MS = 1_000
const RECONNECT_MAX_MS = 250
/** Proofs of life within one bound: one may be late and the cache is still good. */
const BEATS_PER_BOUND = 4
const BEAT_MIN_MS = 10

export interface InvalidationChannelOptions {
  readonly url: string
  /** The connection whose reads are tracked. */
  readonly reads: RedisConnection
  readonly timeoutMs: number
  /** How old, at most, what the channel has proved may be, ms. */
  readonly boundMs: number
  readonly countCommands: (commands: number) => void
  /** A key has changed; undefined: any of them may have. */
  readonly onChange: (key: string | undefined) => void
}

/**
 * Redis's own word of changed keys (client-side caching, RESP2): what is read on `reads` is tracked, and a change is
 * told on a second connection. Neither connection's silence proves anything, so four times in a bound both are asked:
 * when `reads` still tracks and the second answers a PING (after everything that was queued before it), all changes
 * up to the moment of asking have arrived. Beyond the bound after that moment the channel vouches for nothing.
 */
export class InvalidationChannel implements Upkeep {
  readonly #options: InvalidationChannelOptions
  readonly #redis: Redis
  #timer: NodeJS.Timeout | undefined
  #trackedBy: number | undefined
  #vouchedUntilMs = Number.NEGATIVE_INFINITY
  #busy = false
  #losses = 0

  constructor(options: InvalidationChannelOptions) {
    this.#options = options
    this.#redis = new Redis(options.url, {
      lazyConnect: true,
      // Over RESP3 ioredis drops the messages that are wanted here.
      protocol: 2,
      connectTimeout: CONNECT_TIMEOUT_MS,
      commandTimeout: options.timeoutMs,
      maxRetriesPerRequest: 0,
      enableOfflineQueue: false,
      autoResubscribe: false,
      retryStrategy: (attempt) => Math.min(attempt * 50, RECONNECT_MAX_MS),
    })
    this.#redis.on('error', () => undefined)
    this.#redis.on('messageBuffer', (_channel: Buffer, keys: unknown) => this.#onMessage(keys))
    this.#redis.on('close', () => this.#lose())
    this.#redis.on('ready', () => void this.#beat())
    options.reads.watch({ ready: () => void this.#beat(), lost: () => this.#lose() })
    this.#keepBeating()
  }

  /** Waits for the first proof, or until it is clear that there is none for now; then it goes on trying. */
  async connect(): Promise<void> {
    await this.#redis.connect().catch(() => undefined)
    await this.#beat()
  }

  /** Are reads being tracked, so that their answers may be kept? */
  get tracks(): boolean {
    return this.#trackedBy !== undefined
  }

  /** Has everything that changed more than a bound ago been told? `nowMs` is monotonic. */
  vouches(nowMs: number): boolean {
    return nowMs < this.#vouchedUntilMs
  }

  rest(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  async wake(): Promise<void> {
    if (this.#timer === undefined) this.#keepBeating()
    await this.#beat()
  }

  close(): void {
    clearInterval(this.#timer)
    this.#redis.disconnect()
  }

  #keepBeating(): void {
    const everyMs = Math.max(BEAT_MIN_MS, this.#options.boundMs / BEATS_PER_BOUND)
    this.#timer = setInterval(() => void this.#beat(), everyMs)
    this.#timer.unref()
  }

  /** Establishes tracking, or proves that it is still there. */
  async #beat(): Promise<void> {
    if (this.#busy || this.#redis.status !== 'ready') return
    this.#busy = true
    const askedAtMs = performance.now()
    try {
      if (this.#trackedBy === undefined) await this.#establish()
      else await this.#prove(this.#trackedBy)
      if (this.#trackedBy !== undefined) this.#vouchedUntilMs = askedAtMs + this.#options.boundMs
    } catch {
      // Not proved: what was proved before runs out.
    } finally {
      this.#busy = false
    }
  }

  async #establish(): Promise<void> {
    const { reads, countCommands } = this.#options
    countCommands(2)
    // A connection that has subscribed can no longer be asked for its id.
    if (this.#redis.condition?.subscriber !== false) return this.#redis.disconnect(true)
    const id = await this.#redis.client('ID')
    await this.#redis.subscribe(CHANNEL)
    const lost = this.#losses
    await reads.ask(1, (redis) => redis.client('TRACKING', 'ON', 'REDIRECT', id))
    // Whatever was kept before this moment was not tracked by this pair of connections.
    this.#options.onChange(undefined)
    if (lost === this.#losses) this.#trackedBy = id
  }

  async #prove(id: number): Promise<void> {
    const { reads, countCommands } = this.#options
    countCommands(1)
    const [, info] = await Promise.all([
      this.#redis.ping(),
      reads.ask(1, (redis) => redis.call('CLIENT', 'TRACKINGINFO')),
    ])
    if (isTrackedBy(id, info)) return
    this.#lose()
    this.#redis.disconnect(true)
  }

  /** One of the two connections is gone: what was kept is no longer watched. */
  #lose(): void {
    this.#losses += 1
    this.#vouchedUntilMs = Number.NEGATIVE_INFINITY
    this.#trackedBy = undefined
    this.#options.onChange(undefined)
  }

  /** A list of keys, or null: Redis has forgotten which keys it tracks. */
  #onMessage(keys: unknown): void {
    const { onChange } = this.#options
    if (Array.isArray(keys)) for (const key of keys) onChange(String(key))
    else onChange(undefined)
  }
}

/** Reads the answer of CLIENT TRACKINGINFO: names and values in turns. */
function isTrackedBy(id: number, info: unknown): boolean {
  if (!Array.isArray(info)) return false
  const flags: unknown = info[info.indexOf('flags') + 1]
  const redirect: unknown = info[info.indexOf('redirect') + 1]
  return Array.isArray(flags) && flags.includes('on') && !flags.includes('broken_redirect') && redirect === id
}

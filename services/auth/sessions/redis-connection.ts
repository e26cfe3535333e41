import { Redis, ReplyError } from 'ioredis'
import { AnswerError } from '../errors.ts'
import { CircuitBreaker, RETRY_AFTER_MS } from './circuit-breaker.ts'
import { within } from './within.ts'

const CONNECT_TIMEOUT_MS = 1_000
const RECONNECT_MAX_MS = 250
/** A connection on which commands wait and nothing comes back is given up for a new one: the other end may be gone. */
const SILENCE_MAX_MS = 1_000

/**
 * A connection to Redis on which nothing waits longer than its time. ioredis's own defaults queue commands without
 * end while Redis is away and send them again after a cut connection, so that one may run twice; here a command
 * is sent once or fails.
 */
export class RedisConnection {
  readonly #redis: Redis
  readonly #timeoutMs: number
  readonly #breaker = new CircuitBreaker()
  readonly #countCommands: (commands: number) => void
  #probing: NodeJS.Timeout | undefined

  constructor(url: string, timeoutMs: number, countCommands: (commands: number) => void) {
    this.#countCommands = countCommands
    this.#timeoutMs = timeoutMs
    this.#redis = new Redis(url, {
      lazyConnect: true,
      connectTimeout: CONNECT_TIMEOUT_MS,
      socketTimeout: timeoutMs + SILENCE_MAX_MS,
      maxRetriesPerRequest: 0,
      enableOfflineQueue: false,
      // A Redis that reads its append-only file after a restart is asked again this soon, not after a whole second.
      maxLoadingRetryTime: RECONNECT_MAX_MS,
      autoResendUnfulfilledCommands: false,
      enableAutoPipelining: true,
      retryStrategy: (attempt) => Math.min(attempt * 50, RECONNECT_MAX_MS),
    })
    // A lost connection is told by the commands that fail on it; without a listener it would end the process.
    this.#redis.on('error', () => undefined)
  }

  /** Waits for the first connection, at most a second; without one it goes on trying. */
  async connect(): Promise<'up' | 'down'> {
    return within(CONNECT_TIMEOUT_MS, this.#redis.connect()).then(
      () => 'up' as const,
      () => 'down' as const,
    )
  }

  /** Tells of each connection that is ready for commands, and of the end of each. */
  watch({ ready, lost }: { ready: () => void; lost: () => void }): void {
    this.#redis.on('ready', ready)
    this.#redis.on('close', lost)
  }

  /**
   * Sends commands of one round trip (they share a pipeline) and waits for their answers.
   * @throws AnswerError storeUnavailable after the timeout, at once while the circuit is open, and for whatever
   * Redis itself refuses (loading, read-only, no password); memoryFull where it refuses for want of memory.
   */
  async ask<T>(commands: number, send: (redis: Redis) => Promise<T>): Promise<T> {
    if (!this.#breaker.admits(performance.now())) throw new AnswerError('storeUnavailable')
    this.#countCommands(commands)
    try {
      // Not by ioredis's commandTimeout: it starts when a command is written, so that one waiting behind a pipeline has
      // none yet, and it costs a timer for each command of a lookup.
      const answer = await within(this.#timeoutMs, send(this.#redis))
      this.#breaker.answered()
      return answer
    } catch (error) {
      if (!(error instanceof ReplyError)) this.#breaker.failed(performance.now())
      if (this.#breaker.isOpen) this.#probe()
      // The first word of a reply is its error code.
      const isFull = error instanceof ReplyError && (error as Error).message.startsWith('OOM ')
      throw new AnswerError(isFull ? 'memoryFull' : 'storeUnavailable', { cause: error })
    }
  }

  /**
   * Asks for as long as the circuit is open whether Redis is back: where nobody has come since, all but the first of
   * those who come together would be refused long after its return.
   */
  #probe(): void {
    if (this.#probing !== undefined) return
    this.#probing = setInterval(() => {
      if (!this.#breaker.isOpen) {
        clearInterval(this.#probing)
        this.#probing = undefined
        return
      }
      this.#countCommands(1)
      within(this.#timeoutMs, this.#redis.ping()).then(
        () => this.#breaker.answered(),
        () => undefined,
      )
    }, RETRY_AFTER_MS)
    this.#probing.unref()
  }

  async ping(): Promise<'up' | 'down'> {
    return this.ask(1, (redis) => redis.ping()).then(
      () => 'up' as const,
      () => 'down' as const,
    )
  }

  close(): void {
    clearInterval(this.#probing)
    this.#redis.disconnect()
  }
}

import { AnswerError } from '../errors.ts'
import { CircuitBreaker } from '../sessions/circuit-breaker.ts'
import { within } from '../sessions/within.ts'
import type { Records, Seen } from './records.ts'
import { StoreFull } from './records.ts'

/** What is to become of a record. Without `next` it stays as it is. */
export interface Decision<T> {
  readonly result: T
  readonly next?: { readonly text: string; readonly liveUntilMs: number }
}
export type Decide<T> = (text: string | undefined) => Decision<T> | Promise<Decision<T>>

/** A change waits for the changes before it, and begins again when another node was faster; in all so many timeouts. */
const CHANGE_TIMEOUTS = 10

/**
 * Records on which nothing waits longer than its time: a store that is silent or gone is an AnswerError
 * `storeUnavailable` after the timeout, and at once while the circuit is open; one that is full, `memoryFull`.
 */
export class GuardedRecords {
  readonly #records: Records
  readonly #timeoutMs: number
  readonly #countCommands: (commands: number) => void
  readonly #breaker = new CircuitBreaker()
  /** The last change of each record that is under way here; as long as requests are. */
  readonly #changes = new Map<string, Promise<unknown>>()
  #failedAtMs = Number.NEGATIVE_INFINITY

  constructor(
    records: Records,
    { timeoutMs, countCommands }: { timeoutMs: number; countCommands: (commands: number) => void },
  ) {
    this.#records = records
    this.#timeoutMs = timeoutMs
    this.#countCommands = countCommands
  }

  get canCount(): boolean {
    return this.#records.countLive !== undefined
  }

  async read(name: string): Promise<string | undefined> {
    return (await this.#read(name))?.text
  }

  /**
   * Decides on a record as it is and writes that, unless another node changed it meanwhile: then anew. Changes of one
   * record on this node take turns, so that they do not undo each other's work in vain.
   */
  change<T>(name: string, decide: Decide<T>): Promise<T> {
    const askedAtMs = performance.now()
    const before = this.#changes.get(name) ?? Promise.resolve()
    const mine = before.then(() => this.#attempt(name, decide, askedAtMs))
    const settled = mine.catch(() => undefined)
    this.#changes.set(name, settled)
    void settled.then(() => {
      if (this.#changes.get(name) === settled) this.#changes.delete(name)
    })
    return mine
  }

  async countLive(kind: string, nowMs: number): Promise<number> {
    return this.#ask(async () => (await this.#records.countLive?.(kind, nowMs)) ?? 0)
  }

  ping(): Promise<'up' | 'down'> {
    return this.#ask(() => this.#records.ping()).then(
      () => 'up' as const,
      () => 'down' as const,
    )
  }

  /** A store that is silent is left without a farewell. */
  async close(): Promise<void> {
    await within(this.#timeoutMs, this.#records.close()).catch(() => undefined)
  }

  async #attempt<T>(name: string, decide: Decide<T>, askedAtMs: number): Promise<T> {
    const giveUpAtMs = askedAtMs + this.#timeoutMs * CHANGE_TIMEOUTS
    for (;;) {
      // Whoever waited while the store failed has waited long enough.
      if (this.#failedAtMs > askedAtMs || performance.now() > giveUpAtMs)
        throw new AnswerError('storeUnavailable')
      const seen = await this.#read(name)
      const { result, next } = await decide(seen?.text)
      if (next === undefined) return result
      const { text, liveUntilMs } = next
      if ((await this.#ask(() => this.#records.swap(name, seen, text, liveUntilMs))) === 'swapped')
        return result
    }
  }

  #read(name: string): Promise<Seen | undefined> {
    return this.#ask(() => this.#records.read(name))
  }

  async #ask<T>(question: () => Promise<T>): Promise<T> {
    if (!this.#breaker.admits(performance.now())) throw new AnswerError('storeUnavailable')
    this.#countCommands(1)
    try {
      const answer = await within(this.#timeoutMs, question())
      this.#breaker.answered()
      return answer
    } catch (error) {
      if (error instanceof StoreFull) {
        this.#breaker.answered()
        throw new AnswerError('memoryFull', { cause: error })
      }
      this.#failedAtMs = performance.now()
      this.#breaker.failed(this.#failedAtMs)
      throw new AnswerError('storeUnavailable', { cause: error })
    }
  }
}

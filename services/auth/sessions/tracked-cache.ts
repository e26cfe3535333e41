/** Stands for a value on its way from the store; it may be kept only if nothing invalidated it meanwhile. */
export interface Filling {
  readonly key: string
}

/**
 * Values of a store, kept in this process until somebody says that they have changed. The answer to a question and
 * the word of a change travel on different connections, so a change may be told before the older answer is here:
 * `begin` before asking, `keep` with the answer, and a change in between wins.
 *
 *   begin ─► (ask the store) ─► keep      drop | dropAll at any time
 */
export class TrackedCache<Value> {
  readonly #maxEntries: number
  readonly #entries = new Map<string, Value>()
  /** The latest question under way for each key; bounded by the questions under way. */
  readonly #fillings = new Map<string, Filling>()

  /** @param maxEntries at the bound the entry that came first makes room. */
  constructor(maxEntries: number) {
    this.#maxEntries = maxEntries
  }

  get size(): number {
    return this.#entries.size
  }

  get(key: string): Value | undefined {
    return this.#entries.get(key)
  }

  begin(key: string): Filling {
    const filling = { key }
    this.#fillings.set(key, filling)
    return filling
  }

  /** Keeps the answer, unless the key was dropped or asked for again since. `undefined`: there is nothing to keep. */
  keep(filling: Filling, value: Value | undefined): void {
    const { key } = filling
    if (this.#fillings.get(key) !== filling) return
    this.#fillings.delete(key)
    if (value === undefined) return
    this.#entries.delete(key)
    const [oldest] = this.#entries.keys()
    if (this.#entries.size >= this.#maxEntries && oldest !== undefined) this.#entries.delete(oldest)
    this.#entries.set(key, value)
  }

  drop(key: string): void {
    this.#entries.delete(key)
    this.#fillings.delete(key)
  }

  dropAll(): void {
    this.#entries.clear()
    this.#fillings.clear()
  }
}

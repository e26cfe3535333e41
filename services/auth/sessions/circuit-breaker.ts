/** How many outages in a row open the circuit, and how long it stays open before one call may try again. */
const OPEN_AFTER = 5
export const RETRY_AFTER_MS = 250

/**
 * Spares a store that does not answer, and those who wait for it: after five outages in a row calls fail at once,
 * and every 250 ms one of them is let through to see whether the store is back.
 */
export class CircuitBreaker {
  #outages = 0
  #retryAtMs = 0

  /** Are calls refused, but for one now and then? */
  get isOpen(): boolean {
    return this.#outages >= OPEN_AFTER
  }

  /** May a call go out now? `nowMs` is monotonic. */
  admits(nowMs: number): boolean {
    if (!this.isOpen) return true
    if (nowMs < this.#retryAtMs) return false
    this.#retryAtMs = nowMs + RETRY_AFTER_MS
    return true
  }

  answered(): void {
    this.#outages = 0
  }

  failed(nowMs: number): void {
    this.#outages += 1
    if (this.#outages === OPEN_AFTER) this.#retryAtMs = nowMs + RETRY_AFTER_MS
  }
}

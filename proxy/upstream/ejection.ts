import type { ProxySettings } from '../settings.ts'
import type { Pool } from './pool.ts'
import type { Upstream } from './upstream.ts'

/**
 * Passive checks (outlier ejection): an upstream that fails several requests in a row is left out for a while, longer
 * each time. Never the last one, and never for a client's abort or a store's outage: callers report neither.
 */
export class Ejection {
  readonly #pool: Pool
  readonly #settings: ProxySettings['passive']
  readonly #onFailure: (upstream: Upstream) => void
  readonly #timers = new Map<Upstream, NodeJS.Timeout>()

  /** @param onFailure called at every failure, so that active checks can look sooner. */
  constructor(pool: Pool, settings: ProxySettings['passive'], onFailure: (upstream: Upstream) => void) {
    this.#pool = pool
    this.#settings = settings
    this.#onFailure = onFailure
  }

  failed(upstream: Upstream, why: string): void {
    upstream.failuresInARow += 1
    this.#onFailure(upstream)
    if (upstream.failuresInARow < this.#settings.failuresInARow) return
    if (!upstream.healthy || this.#pool.isLast(upstream)) return
    upstream.failuresInARow = 0
    upstream.ejections += 1
    upstream.ejected = true
    const forMs = Math.min(this.#settings.ejectMs * upstream.ejections, this.#settings.maxEjectMs)
    const timer = setTimeout(() => this.readmit(upstream), forMs)
    timer.unref()
    this.#timers.set(upstream, timer)
    this.#pool.note('ejected', upstream, `${why}; for ${forMs} ms`)
  }

  succeeded(upstream: Upstream): void {
    upstream.failuresInARow = 0
    if (!upstream.ejected) upstream.ejections = 0
  }

  /** The time is over, or checks saw it fail and come back; nothing happens when there is no ejection. */
  readmit(upstream: Upstream): void {
    clearTimeout(this.#timers.get(upstream))
    this.#timers.delete(upstream)
    if (!upstream.ejected) return
    upstream.ejected = false
    upstream.failuresInARow = 0
    upstream.backSinceMs = performance.now()
    this.#pool.note('readmitted', upstream)
  }

  /** Active checks found it down: from now on they alone decide when it comes back. */
  supersede(upstream: Upstream): void {
    this.forget(upstream)
    upstream.ejected = false
    upstream.failuresInARow = 0
  }

  /** Drops what is kept about an upstream that left the pool. */
  forget(upstream: Upstream): void {
    clearTimeout(this.#timers.get(upstream))
    this.#timers.delete(upstream)
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
  }
}

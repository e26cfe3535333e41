import type { Pool } from './pool.ts'
import type { Upstream } from './upstream.ts'

/**
 * Takes upstreams out gently: from `begin` on nobody new is sent there; those who are pinned stay for a while, so that
 * their sessions can end, and are then moved.
 */
export class Drains {
  readonly #pool: Pool
  readonly #keepPinsMs: number
  readonly #timers = new Map<Upstream, NodeJS.Timeout>()

  constructor(pool: Pool, keepPinsMs: number) {
    this.#pool = pool
    this.#keepPinsMs = keepPinsMs
  }

  begin(upstream: Upstream): void {
    if (upstream.draining) return
    upstream.draining = true
    upstream.keepsPins = true
    const timer = setTimeout(() => {
      upstream.keepsPins = false
      this.#pool.refresh()
    }, this.#keepPinsMs)
    timer.unref()
    this.#timers.set(upstream, timer)
    this.#pool.note('draining', upstream, `pins are kept for ${this.#keepPinsMs} ms`)
  }

  cancel(upstream: Upstream): void {
    if (!upstream.draining) return
    this.forget(upstream)
    upstream.draining = false
    upstream.keepsPins = true
    this.#pool.note('up', upstream, 'no longer draining')
  }

  forget(upstream: Upstream): void {
    clearTimeout(this.#timers.get(upstream))
    this.#timers.delete(upstream)
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
  }
}

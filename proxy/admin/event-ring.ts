import { monotonicUs } from '#contract/clock.ts'
import type { ProxyEvent } from '#contract/proxy-admin.ts'

/** The last events, oldest first; numbers go on for the life of the process. */
export class EventRing {
  readonly #capacity: number
  readonly #events: ProxyEvent[] = []
  #seq = 0

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  add(kind: ProxyEvent['kind'], upstream?: string, detail?: string): void {
    this.#seq += 1
    const event: ProxyEvent = { seq: this.#seq, atUs: monotonicUs(), kind }
    if (upstream !== undefined) event.upstream = upstream
    if (detail !== undefined) event.detail = detail
    this.#events.push(event)
    if (this.#events.length > this.#capacity) this.#events.shift()
  }

  /** Events with a number above `seq` that are still kept. */
  since(seq: number): readonly ProxyEvent[] {
    return this.#events.filter((event) => event.seq > seq)
  }
}

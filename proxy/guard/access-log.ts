/** One request, as the access log tells it. No header and no query: either may hold a credential. */
export interface AccessEntry {
  readonly requestId: string
  readonly peer: string
  readonly method: string
  /** Without its query. */
  readonly path: string
  readonly status: number
  readonly upstream: string | undefined
  readonly tries: number
  readonly ms: number
}

const FLUSH_MS = 100
const MAX_HELD = 10_000

/**
 * Lines of JSON, written in batches so that a request does not wait for the disk. When more lines wait than may be
 * held, the rest of the batch is counted and dropped, and the log says so.
 */
export class AccessLog {
  readonly #write: (lines: string) => void
  #held: string[] = []
  #dropped = 0
  #timer: NodeJS.Timeout | undefined

  constructor(write: (lines: string) => void) {
    this.#write = write
  }

  add(entry: AccessEntry): void {
    if (this.#held.length >= MAX_HELD) this.#dropped += 1
    else this.#held.push(JSON.stringify({ time: new Date().toISOString(), ...entry }))
    this.#timer ??= setTimeout(() => this.flush(), FLUSH_MS)
  }

  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#dropped > 0) this.#held.push(JSON.stringify({ dropped: this.#dropped }))
    if (this.#held.length > 0) this.#write(`${this.#held.join('\n')}\n`)
    this.#held = []
    this.#dropped = 0
  }
}

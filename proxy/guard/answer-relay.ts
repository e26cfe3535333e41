import type { ServerResponse } from 'node:http'
import type { AnswerHead } from './answer-head.ts'

const MERGED_BYTES = 16_384

/**
 * Writes an upstream's answer to the client in as few writes as possible: the head waits for the first bytes of its
 * body, and where they are the whole body everything leaves at once.
 */
export class AnswerRelay {
  readonly head: AnswerHead
  readonly status: number
  readonly #response: ServerResponse
  readonly #statusMessage: string
  #written = false
  #whole: Buffer | undefined
  #received = 0

  constructor(response: ServerResponse, head: AnswerHead, status: number, statusMessage: string) {
    this.#response = response
    this.head = head
    this.status = status
    this.#statusMessage = statusMessage
  }

  /** True while the client takes no more. */
  get isBlocked(): boolean {
    return this.#response.writableNeedDrain
  }

  /** @returns false when the client must drain first. Throws what `writeHead` throws. */
  data(chunk: Buffer): boolean {
    this.#received += chunk.length
    if (!this.#written) {
      if (this.#received === this.head.length) {
        this.#whole = chunk
        return true
      }
      this.#writeHead()
    }
    return this.#response.write(chunk)
  }

  /** Completes the answer. Throws what `writeHead` throws. */
  end(): void {
    if (!this.#written) this.#writeHead()
    const whole = this.#whole
    if (whole === undefined) this.#response.end()
    // As text Node puts a small body behind the head in one write; as a buffer it would be a gathered write of two.
    else if (whole.length <= MERGED_BYTES) this.#response.end(whole.toString('latin1'), 'latin1')
    else this.#response.end(whole)
  }

  /** Sends a head that still waits for its body. Throws what `writeHead` throws. */
  flush(): void {
    if (this.#written || this.#whole) return
    this.#writeHead()
    this.#response.flushHeaders()
  }

  /** The rest will not come: the client must see that the answer is cut off, never a proper end. */
  breakOff(): void {
    this.#response.destroy()
  }

  #writeHead(): void {
    this.#response.writeHead(this.status, this.#statusMessage, this.head.headers)
    this.#written = true
  }
}

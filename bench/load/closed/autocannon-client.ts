import type { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'

/**
 * One connection of autocannon 9 (`lib/httpClient.js`), as far as the wrap reaches into it. None of this is promised
 * by autocannon: test/bench/load/closed plants each fault, so that another version is noticed.
 */
export interface AutocannonClient extends EventEmitter {
  readonly opts: { hostname: string; port: number | string }
  /** Replaced by the wrap. */
  _connect(): void
  _doRequest(): void
  _destroyConnection(): void
  conn: Socket
  destroyed: boolean
  readonly parser: { type: string; reinitialize(type: string): void; execute(chunk: Buffer): number | Error }
  readonly pipelinedRequests: {
    size(): number
    clear(): void
    addByteCount(count: number): void
    toArray(): readonly { startTime: [seconds: number, nanoseconds: number] }[]
  }
  getRequestBuffer(): Buffer
  setHeaders(headers: Record<string, string>): void
  setHeadersAndBody(headers: Record<string, string>, body: string | undefined): void
}

/** What its parser says of an answer's head (http-parser-js). */
export interface AnswerHead {
  statusCode: number
  /** `[name, value, …]` */
  headers: string[]
  shouldKeepAlive: boolean
}

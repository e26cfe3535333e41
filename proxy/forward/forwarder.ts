import type { Upstream } from '../upstream/upstream.ts'

/**
 * The data path behind the guard. A forwarder opens connections, writes one request, and reports the answer in
 * pieces; it decides nothing about headers, retries or time.
 *
 *   guard ── OutboundRequest ──▶ forwarder ── bytes ──▶ upstream
 *   guard ◀── AnswerSink ─────── forwarder ◀── bytes ── upstream
 */
export interface Forwarder {
  /** Starts one try. The sink may be called before this returns. */
  forward(upstream: Upstream, request: OutboundRequest, sink: AnswerSink): Flight
  /** Closes the idle connections of an upstream that is gone; those in use finish. */
  forget(upstream: Upstream): void
  /** Closes every connection. */
  close(): Promise<void>
}

/** A request as it goes out: checked, complete, with its body at hand. */
export interface OutboundRequest {
  readonly method: string
  /** In origin form, exactly as it is written on the wire. */
  readonly target: string
  /** Names (lower case) and values by turns. Framing: a `content-length` where there is a body, nothing else ever. */
  readonly headers: readonly string[]
  readonly body: Buffer | undefined
}

/** What a try reports: `onSent`?, then `onHead`, `onData`*, and exactly one of `onEnd` and `onFailure`; nothing after `abort()`. */
export interface AnswerSink {
  /** A connection is there and bytes of the request may leave from now on. */
  onSent(): void
  /** The final head (1xx are skipped). Names as received, values by turns. */
  onHead(status: number, statusMessage: string, headers: readonly string[]): void
  /** @returns false to be called no more until `resume()`. */
  onData(chunk: Buffer): boolean
  onEnd(): void
  /** @param sent false: no byte of the request has left, so that any method may be tried again. */
  onFailure(reason: FailureReason, sent: boolean): void
}

/**
 * - `connect`: no connection (refused, unreachable, timed out)
 * - `reset`: the connection ended before the answer did
 * - `protocol`: what came was not an HTTP answer
 */
export type FailureReason = 'connect' | 'reset' | 'protocol'

/** A try under way. */
export interface Flight {
  /** Ends it and its connection; the sink hears nothing more. Does nothing once the try has ended. */
  abort(): void
  resume(): void
}

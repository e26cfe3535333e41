import type { AnswerSink, FailureReason, Flight, OutboundRequest } from '../forward/forwarder.ts'
import type { Upstream } from '../upstream/upstream.ts'
import { type AnswerHead, readAnswerHead } from './answer-head.ts'
import type { GuardContext } from './guard-context.ts'
import { withHost } from './outbound.ts'
import { REFUSALS, type Refusal } from './refusal.ts'

/** What becomes of a try, told to the exchange it belongs to. After `ended` or `lost` nothing more comes. */
export interface TryReport {
  answered(head: AnswerHead, status: number, statusMessage: string): void
  /** @returns false when the client must drain first. */
  data(chunk: Buffer): boolean
  ended(): void
  lost(loss: Loss): void
}

export interface Loss {
  readonly upstream: Upstream
  /** Bytes of the request may have reached the upstream. */
  readonly sent: boolean
  /** A second try could do better; false for what would only be repeated (a timeout, an answer that is no HTTP). */
  readonly worthRepeating: boolean
  /** What the client is told when there is no second try. */
  readonly refusal: Refusal
}

const NEVER = Number.POSITIVE_INFINITY

/** One try at one upstream: its time, its place in the upstream's books, and what the forwarder reports of it. */
export class Try implements AnswerSink {
  readonly upstream: Upstream
  readonly #context: GuardContext
  readonly #report: TryReport
  #flight: Flight | undefined
  #sentAtMs = -1
  #over = false
  /** When the sweep ends the current wait, in ms of the context's clock. */
  deadlineMs = NEVER

  constructor(context: GuardContext, upstream: Upstream, report: TryReport) {
    this.#context = context
    this.upstream = upstream
    this.#report = report
  }

  send(request: OutboundRequest): void {
    const { forwarder, nowMs, settings } = this.#context
    this.upstream.inFlight += 1
    this.deadlineMs = nowMs + settings.upstream.connectTimeoutMs
    try {
      this.#flight = forwarder.forward(this.upstream, withHost(request, this.upstream), this)
    } catch {
      // The library behind the forwarder refuses something that the guard let through: one request's end, not the process's.
      this.cancel()
      const { upstream } = this
      this.#report.lost({ upstream, sent: false, worthRepeating: false, refusal: REFUSALS.upstreamFailed })
    }
  }

  onSent(): void {
    this.#sentAtMs = this.#context.nowMs
    this.deadlineMs = this.#sentAtMs + this.#context.settings.upstream.headersTimeoutMs
  }

  onHead(status: number, statusMessage: string, raw: readonly string[]): void {
    const head = readAnswerHead(raw)
    if (!head) {
      this.spoil()
      return
    }
    const { nowMs, settings } = this.#context
    this.deadlineMs = nowMs + settings.upstream.idleBodyMs
    this.upstream.waitedMs += nowMs - this.#sentAtMs
    this.#report.answered(head, status, statusMessage)
  }

  onData(chunk: Buffer): boolean {
    this.deadlineMs = this.#context.nowMs + this.#context.settings.upstream.idleBodyMs
    return this.#report.data(chunk)
  }

  onEnd(): void {
    this.#leave()
    this.#report.ended()
  }

  onFailure(reason: FailureReason, sent: boolean): void {
    this.#lose(reason, sent, true, REFUSALS.upstreamFailed)
  }

  resume(): void {
    this.#flight?.resume()
  }

  /** Its time is over. An upstream that cannot even be connected to may be tried elsewhere; a slow one is slow. */
  expire(): void {
    if (this.#over) return
    this.#flight?.abort()
    const sent = this.#sentAtMs >= 0
    this.#lose(sent ? 'timeout' : 'connect', sent, !sent, REFUSALS.upstreamTimeout)
  }

  /** Checks found its upstream down: what may be asked elsewhere need not wait for the timeout. */
  rescue(): void {
    if (this.#over) return
    this.#flight?.abort()
    this.#lose('found down', true, true, REFUSALS.upstreamFailed)
  }

  /** What came is not an answer that can be passed on. */
  spoil(): void {
    if (this.#over) return
    this.#flight?.abort()
    this.#lose('protocol', true, false, REFUSALS.upstreamFailed)
  }

  /** The client has left: nobody's fault. */
  cancel(): void {
    if (this.#over) return
    this.#flight?.abort()
    this.#leave()
  }

  #lose(why: string, sent: boolean, worthRepeating: boolean, refusal: Refusal): void {
    if (this.#over) return
    this.#leave()
    this.upstream.failed += 1
    this.#context.ejection.failed(this.upstream, why)
    this.#report.lost({ upstream: this.upstream, sent, worthRepeating, refusal })
  }

  #leave(): void {
    if (this.#over) return
    this.#over = true
    this.deadlineMs = NEVER
    this.upstream.inFlight -= 1
  }
}

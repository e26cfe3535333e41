import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AnswerSink, FailureReason, Flight, OutboundRequest } from '../forward/forwarder.ts'
import type { Upstream } from '../upstream/upstream.ts'
import { addAffinity, readAnswerHead } from './answer-head.ts'
import { AnswerRelay } from './answer-relay.ts'
import type { ClientConnection } from './client-connection.ts'
import type { GuardContext } from './guard-context.ts'
import { isRepeatable, outbound, withHost } from './outbound.ts'
import { REFUSALS, type Refusal } from './refusal.ts'
import { refuse } from './refuse.ts'
import type { RequestHead } from './request-head.ts'

const NEVER = Number.POSITIVE_INFINITY

/**
 * An accepted request, from the choice of an upstream to the end of its answer:
 *
 *   select ─▶ try ─▶ answer
 *     ▲        │ fails: once more, elsewhere
 *     └────────┘
 *
 * The forwarder reports to it, the sweep looks at its `deadlineMs`, and the client's leaving ends it.
 */
export class Exchange implements AnswerSink {
  readonly #context: GuardContext
  readonly #connection: ClientConnection
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  readonly #head: RequestHead
  #outbound: OutboundRequest | undefined
  #upstream: Upstream | undefined
  #flight: Flight | undefined
  #failed: Upstream | undefined
  #retryTimer: NodeJS.Timeout | undefined
  #relay: AnswerRelay | undefined
  #sentAtMs = 0
  #over = false
  /** Gives back what reading the body holds. */
  releaseBody: (() => void) | undefined
  /** When the sweep ends the current wait, in ms of the context's clock. */
  deadlineMs = NEVER

  constructor(
    context: GuardContext,
    connection: ClientConnection,
    request: IncomingMessage,
    response: ServerResponse,
    head: RequestHead,
  ) {
    this.#context = context
    this.#connection = connection
    this.#request = request
    this.#response = response
    this.#head = head
    response.on('close', this.#clientGone)
  }

  /** The upstream that works on it now. */
  get upstream(): Upstream | undefined {
    return this.#upstream
  }

  /** Sends it, now or when a mode switch lets it. */
  dispatch(body: Buffer | undefined): void {
    this.#outbound = outbound(this.#head, body)
    this.#context.mode.pass(this.#try)
  }

  #try = (): void => {
    if (this.#over || !this.#outbound) return
    const upstream = this.#select()
    if (!upstream) {
      this.refuse(REFUSALS.noUpstream)
      return
    }
    const { forwarder, nowMs, settings } = this.#context
    this.#upstream = upstream
    upstream.inFlight += 1
    this.#sentAtMs = 0
    this.deadlineMs = nowMs + settings.upstream.connectTimeoutMs
    this.#flight = forwarder.forward(upstream, withHost(this.#outbound, upstream), this)
  }

  /** The pinned upstream where the mode pins and it takes pins; otherwise, and in a second try, the balancer's choice. */
  #select(): Upstream | undefined {
    const { pool, mode, balancer } = this.#context
    const { pinnedTo, routingKey } = this.#head
    const failed = this.#failed
    if (failed === undefined && pinnedTo !== undefined && mode.pins) {
      const pinned = pool.byId(pinnedTo)
      if (pinned && pool.takesPins(pinned)) return pinned
    }
    const others = failed ? pool.available.filter((upstream) => upstream !== failed) : pool.available
    return balancer.select(others, { key: routingKey }) ?? failed
  }

  onSent(): void {
    this.#sentAtMs = this.#context.nowMs
    this.deadlineMs = this.#sentAtMs + this.#context.settings.upstream.headersTimeoutMs
  }

  onHead(status: number, statusMessage: string, raw: readonly string[]): void {
    const context = this.#context
    const upstream = this.#upstream
    const head = readAnswerHead(raw)
    if (!head || !upstream) {
      this.#spoiled()
      return
    }
    this.deadlineMs = context.nowMs + context.settings.upstream.idleBodyMs
    upstream.answered += 1
    upstream.waitedMs += context.nowMs - this.#sentAtMs
    const isBad = (status === 502 || status === 503 || status === 504) && !head.storeUnavailable
    if (isBad) context.ejection.failed(upstream, `answered ${status}`)
    else context.ejection.succeeded(upstream)
    const { pinnedTo } = this.#head
    if (pinnedTo !== upstream.id && context.mode.answerPins(head.mode)) {
      if (pinnedTo !== undefined) context.counters.pinsMoved += 1
      addAffinity(head, context.affinity.setCookie(upstream.id))
    }
    if (context.closing) head.headers.push('connection', 'close')
    this.#relay = new AnswerRelay(this.#response, head, status, statusMessage)
    // A body of unknown length may take its time: its head does not wait for it.
    if (head.length === undefined) process.nextTick(this.#flush)
  }

  onData(chunk: Buffer): boolean {
    const { nowMs, settings } = this.#context
    this.deadlineMs = nowMs + settings.upstream.idleBodyMs
    try {
      if (this.#relay?.data(chunk)) return true
    } catch {
      this.#spoiled()
      return true
    }
    const flight = this.#flight
    this.#response.once('drain', () => flight?.resume())
    return false
  }

  onEnd(): void {
    const relay = this.#relay
    if (!relay) return
    try {
      relay.end()
    } catch {
      this.#spoiled()
      return
    }
    this.#leaveUpstream()
    this.#context.counters.answered(relay.status, relay.head.storeUnavailable)
    this.#finish()
  }

  onFailure(reason: FailureReason, sent: boolean): void {
    this.#blame(this.#leaveUpstream(), reason, sent, REFUSALS.upstreamFailed)
  }

  /** Called by the sweep when `deadlineMs` has passed. */
  expire(): void {
    if (this.#over) return
    const sent = this.#sentAtMs > 0
    const isClientsFault = this.#relay?.isBlocked === true
    this.#flight?.abort()
    const upstream = this.#leaveUpstream()
    if (isClientsFault) this.#abandon()
    else if (sent) this.#blame(upstream, 'timeout', true, REFUSALS.upstreamTimeout, false)
    else this.#blame(upstream, 'connect', false, REFUSALS.upstreamTimeout)
  }

  /** Called when checks found its upstream down: what may be asked elsewhere need not wait for the timeout. */
  rescue(): void {
    if (this.#over || this.#relay || this.#failed || !this.#outbound) return
    if (!isRepeatable(this.#outbound, true)) return
    this.#flight?.abort()
    this.#blame(this.#leaveUpstream(), 'found down', true, REFUSALS.upstreamFailed)
  }

  /** Sends a head that has waited long enough for its body. */
  flush(): void {
    this.#flush()
  }
  #flush = (): void => {
    if (this.#over || !this.#relay) return
    try {
      this.#relay.flush()
    } catch {
      this.#spoiled()
    }
  }

  /** What came is not an answer that can be passed on. */
  #spoiled(): void {
    this.#flight?.abort()
    this.#relay = undefined
    this.#blame(this.#leaveUpstream(), 'protocol', true, REFUSALS.upstreamFailed, false)
  }

  #blame(
    upstream: Upstream | undefined,
    why: string,
    sent: boolean,
    otherwise: Refusal,
    again: boolean = true,
  ): void {
    if (upstream) {
      upstream.failed += 1
      this.#context.ejection.failed(upstream, why)
    }
    if (this.#relay) {
      this.#connection.refuseRest()
      this.#relay.breakOff()
      this.#finish()
    } else if (!again || !upstream || !this.#retry(upstream, sent)) this.refuse(otherwise)
  }

  #retry(failed: Upstream, sent: boolean): boolean {
    const { budget, counters, settings, random } = this.#context
    if (this.#over || this.#failed || !this.#outbound || !isRepeatable(this.#outbound, sent)) return false
    if (!budget.take()) {
      counters.retriesDenied += 1
      return false
    }
    counters.retries += 1
    this.#failed = failed
    const { minDelayMs, maxDelayMs } = settings.retry
    this.#retryTimer = setTimeout(this.#try, minDelayMs + random() * (maxDelayMs - minDelayMs))
    return true
  }

  /** Answers for the proxy itself, unless there has been an answer. */
  refuse(refusal: Refusal): void {
    if (this.#over) return
    refuse(this.#context, this.#connection, this.#request, this.#response, refusal)
    this.#finish()
  }

  #clientGone = (): void => {
    if (this.#over) return
    this.#flight?.abort()
    this.#leaveUpstream()
    this.#abandon()
  }

  #abandon(): void {
    this.#context.counters.clientAborts += 1
    this.#connection.refuseRest()
    this.#response.destroy()
    this.#finish()
  }

  #leaveUpstream(): Upstream | undefined {
    const upstream = this.#upstream
    if (upstream) upstream.inFlight -= 1
    this.#upstream = undefined
    this.#flight = undefined
    this.deadlineMs = NEVER
    return upstream
  }

  #finish(): void {
    this.#over = true
    clearTimeout(this.#retryTimer)
    this.releaseBody?.()
    this.#context.inFlight.delete(this)
    this.#connection.done()
  }
}

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { OutboundRequest } from '../forward/forwarder.ts'
import type { Upstream } from '../upstream/upstream.ts'
import type { AccessLog } from './access-log.ts'
import type { AnswerHead } from './answer-head.ts'
import { AnswerRelay } from './answer-relay.ts'
import type { ClientConnection } from './client-connection.ts'
import type { GuardContext } from './guard-context.ts'
import { isRepeatable, outbound } from './outbound.ts'
import { REFUSALS, type Refusal } from './refusal.ts'
import { refuse } from './refuse.ts'
import type { RequestHead } from './request-head.ts'
import { takeRetry } from './retry.ts'
import { selectUpstream } from './select-upstream.ts'
import { takeAnswer } from './take-answer.ts'
import { type Loss, Try, type TryReport } from './try.ts'

/**
 * An accepted request, from the choice of an upstream to the end of its answer:
 *
 *   select ─▶ try ─▶ answer
 *     ▲        │ lost: once more, elsewhere (oftener as long as no byte of it was sent)
 *     └────────┘
 *
 * The client's leaving ends it at any point.
 */
export class Exchange implements TryReport {
  readonly #context: GuardContext
  readonly #connection: ClientConnection
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  readonly #head: RequestHead
  #outbound: OutboundRequest | undefined
  #try: Try | undefined
  /** Where tries failed, and whether one of them may have reached its upstream. */
  readonly #tried: Upstream[] = []
  #wasSent = false
  #retryTimer: NodeJS.Timeout | undefined
  #relay: AnswerRelay | undefined
  readonly #startedMs: number
  #over = false
  /** Gives back what reading the body holds. */
  releaseBody: (() => void) | undefined

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
    this.#startedMs = context.accessLog ? performance.now() : 0
    response.on('close', this.#clientGone)
  }

  /** Sends it, now or when a mode switch lets it. */
  dispatch(body: Buffer | undefined): void {
    this.#outbound = outbound(this.#head, body)
    this.#context.mode.pass(this.#send)
  }

  #send = (): void => {
    if (this.#over || !this.#outbound) return
    const upstream = selectUpstream(this.#context, this.#head, this.#tried)
    if (!upstream) {
      this.refuse(REFUSALS.noUpstream)
      return
    }
    this.#try = new Try(this.#context, upstream, this)
    this.#try.send(this.#outbound)
  }

  answered(head: AnswerHead, status: number, statusMessage: string): void {
    if (!this.#try) return
    takeAnswer(this.#context, this.#try.upstream, head, status, this.#head.pinnedTo)
    this.#relay = new AnswerRelay(this.#response, head, status, statusMessage)
    // A body of unknown length may take its time: its head does not wait for it.
    if (head.length === undefined) process.nextTick(this.flush)
  }

  data(chunk: Buffer): boolean {
    const current = this.#try
    try {
      if (this.#relay?.data(chunk)) return true
    } catch {
      this.#spoil()
      return true
    }
    this.#response.once('drain', () => current?.resume())
    return false
  }

  ended(): void {
    const relay = this.#relay
    if (!relay) return
    try {
      relay.end()
    } catch {
      this.#relay = undefined
      this.refuse(REFUSALS.upstreamFailed)
      return
    }
    this.#context.counters.answered(relay.status, relay.head.storeUnavailable)
    this.#finish()
  }

  lost({ upstream, sent, worthRepeating, refusal }: Loss): void {
    if (this.#relay) {
      this.#connection.refuseRest()
      this.#relay.breakOff()
      this.#context.counters.cutOff += 1
      this.#finish()
    } else if (!worthRepeating || !this.#sendAgain(upstream, sent)) this.refuse(refusal)
  }

  #sendAgain(failed: Upstream, sent: boolean): boolean {
    if (this.#over || !this.#outbound || (sent && this.#wasSent)) return false
    const delayMs = takeRetry(this.#context, this.#outbound, sent, this.#tried.length + 1)
    if (delayMs === undefined) return false
    this.#tried.push(failed)
    this.#wasSent ||= sent
    this.#retryTimer = setTimeout(this.#send, delayMs)
    return true
  }

  /** Called by the sweep: ends a wait that has lasted too long, or sends a head whose body tarries. */
  sweep(nowMs: number): void {
    const current = this.#try
    if (!current || current.deadlineMs > nowMs) this.flush()
    else if (this.#relay?.isBlocked) this.#clientGone()
    else current.expire()
  }

  /** Called when checks found an upstream down. */
  upstreamDown(upstream: Upstream): void {
    if (this.#try?.upstream !== upstream || this.#relay || this.#wasSent || !this.#outbound) return
    if (isRepeatable(this.#outbound, true)) this.#try.rescue()
  }

  /** Sends a head that still waits for its body. */
  readonly flush = (): void => {
    if (this.#over || !this.#relay) return
    try {
      this.#relay.flush()
    } catch {
      this.#spoil()
    }
  }

  /** The head cannot be written: nothing of it has been. */
  #spoil(): void {
    this.#relay = undefined
    this.#try?.spoil()
  }

  /** Answers for the proxy itself, unless there has been an answer. */
  refuse(refusal: Refusal): void {
    if (this.#over) return
    refuse(this.#context, this.#connection, this.#request, this.#response, refusal)
    this.#finish()
  }

  /** The client left, or reads so slowly that it might as well have. */
  #clientGone = (): void => {
    if (this.#over) return
    this.#try?.cancel()
    this.#context.counters.clientAborts += 1
    this.#connection.refuseRest()
    this.#response.destroy()
    this.#finish()
  }

  #finish(): void {
    this.#over = true
    clearTimeout(this.#retryTimer)
    this.releaseBody?.()
    this.#context.inFlight.delete(this)
    if (this.#context.accessLog) this.#log(this.#context.accessLog)
    this.#connection.done()
  }

  #log(log: AccessLog): void {
    const { method, target, requestId } = this.#head
    log.add({
      requestId,
      peer: this.#connection.peer.address,
      method,
      path: target.split('?', 1)[0] ?? '',
      status: this.#relay?.status ?? (this.#response.headersSent ? this.#response.statusCode : 0),
      upstream: this.#try?.upstream.id,
      tries: this.#tried.length + 1,
      ms: Math.round((performance.now() - this.#startedMs) * 1000) / 1000,
    })
  }
}

import { type ClientRequest, request as httpRequest, type IncomingMessage, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { Upstream } from '../upstream/upstream.ts'
import { type AnswerHead, readAnswerHead } from './answer-head.ts'
import { closeGently, rawRefusal } from './client-connection.ts'
import type { GuardContext } from './guard-context.ts'
import { withHost } from './outbound.ts'
import { REFUSALS, type Refusal } from './refusal.ts'
import type { RequestHead } from './request-head.ts'
import { takeRetry } from './retry.ts'
import { selectUpstream } from './select-upstream.ts'
import { takeAnswer } from './take-answer.ts'

/**
 * A WebSocket from its handshake to its end: an upstream is chosen as for any request (pins included), and once it has
 * answered 101, bytes go both ways until either side closes. Written once, beside the forwarders: http-proxy's own
 * tunnel dies with a client that resets before the 101.
 */
export class Tunnel {
  readonly #context: GuardContext
  readonly #client: Socket
  readonly #early: Buffer
  readonly #head: RequestHead
  #upstream: Upstream | undefined
  #failed: Upstream | undefined
  #asking: ClientRequest | undefined
  #far: Socket | undefined
  #timer: NodeJS.Timeout | undefined
  #over = false

  /** @param early what the client sent behind its handshake. */
  constructor(context: GuardContext, client: Socket, early: Buffer, head: RequestHead) {
    this.#context = context
    this.#client = client
    this.#early = early
    this.#head = head
    client.on('error', () => this.end())
    client.on('close', () => this.end())
    context.tunnels.add(this)
  }

  open(): void {
    this.#context.mode.pass(() => this.#ask())
  }

  /** Ends both sides at once. */
  end(): void {
    if (this.#over) return
    this.#over = true
    clearTimeout(this.#timer)
    this.#asking?.destroy()
    this.#far?.destroy()
    this.#client.destroy()
    this.#leave()
    this.#context.tunnels.delete(this)
  }

  #ask(): void {
    if (this.#over) return
    const { settings } = this.#context
    const upstream = selectUpstream(this.#context, this.#head, this.#failed ? [this.#failed] : [])
    if (!upstream) {
      this.#refuse(REFUSALS.noUpstream)
      return
    }
    this.#upstream = upstream
    upstream.inFlight += 1
    const { method, target } = this.#head
    const { headers } = withHost({ method, target, headers: this.#head.headers, body: undefined }, upstream)
    const asking = httpRequest({
      host: upstream.hostname,
      port: upstream.port,
      path: target,
      agent: false,
      headers: [...headers, 'connection', 'Upgrade', 'upgrade', 'websocket'],
      maxHeaderSize: settings.upstream.maxHeadBytes,
    })
    this.#asking = asking
    let sent = false
    const wait = (ms: number, refusal: Refusal): void => {
      clearTimeout(this.#timer)
      this.#timer = setTimeout(() => this.#lost('timeout', sent, refusal), ms)
    }
    wait(settings.upstream.connectTimeoutMs, REFUSALS.upstreamTimeout)
    asking.on('socket', (socket) => {
      socket.once('connect', () => {
        sent = true
        wait(settings.upstream.headersTimeoutMs, REFUSALS.upstreamTimeout)
      })
    })
    asking.on('error', () => this.#lost(sent ? 'reset' : 'connect', sent, REFUSALS.upstreamFailed))
    asking.on('upgrade', (answer, far: Socket, early) => this.#join(answer, far, early))
    asking.on('response', (answer) => this.#decline(answer))
    asking.end()
  }

  /** The upstream agreed: from here on bytes are bytes. */
  #join(answer: IncomingMessage, far: Socket, early: Buffer): void {
    const head = this.#take(answer)
    if (!head || this.#over) {
      far.destroy()
      if (!head) this.#lost('protocol', true, REFUSALS.upstreamFailed)
      return
    }
    this.#far = far
    const client = this.#client
    far.on('error', () => this.end())
    far.on('close', () => this.end())
    const lines = formatHead(101, [...head.headers, 'connection', 'Upgrade', 'upgrade', 'websocket'])
    client.write(lines, 'latin1')
    if (early.length > 0) client.write(early)
    if (this.#early.length > 0) far.write(this.#early)
    for (const side of [client, far]) side.setTimeout(this.#context.settings.tunnelIdleMs, () => this.end())
    client.pipe(far)
    far.pipe(client)
    this.#context.counters.answered(101, false)
  }

  /** The upstream answered otherwise: its answer goes to the client and the connection ends with it. */
  #decline(answer: IncomingMessage): void {
    const head = this.#take(answer)
    if (!head) {
      answer.destroy()
      this.#lost('protocol', true, REFUSALS.upstreamFailed)
      return
    }
    const status = answer.statusCode ?? 502
    this.#client.write(formatHead(status, [...head.headers, 'connection', 'close']), 'latin1')
    answer.on('error', () => this.end())
    answer.on('end', () => closeGently(this.#client, this.#context.settings.client.lingerMs))
    answer.pipe(this.#client, { end: false })
    this.#context.counters.answered(status, head.storeUnavailable)
  }

  #take(answer: IncomingMessage): AnswerHead | undefined {
    clearTimeout(this.#timer)
    const upstream = this.#upstream
    const head = readAnswerHead(answer.rawHeaders)
    if (head && upstream)
      takeAnswer(this.#context, upstream, head, answer.statusCode ?? 0, this.#head.pinnedTo)
    return head
  }

  #lost(why: string, sent: boolean, refusal: Refusal): void {
    const upstream = this.#upstream
    if (this.#over || !upstream) return
    clearTimeout(this.#timer)
    this.#asking?.destroy()
    this.#leave()
    upstream.failed += 1
    this.#context.ejection.failed(upstream, why)
    const request = { method: 'GET', target: this.#head.target, headers: [], body: undefined }
    const delayMs = this.#failed || why === 'timeout' ? undefined : takeRetry(this.#context, request, sent, 1)
    if (delayMs === undefined) {
      this.#refuse(refusal)
      return
    }
    this.#failed = upstream
    this.#timer = setTimeout(() => this.#ask(), delayMs)
  }

  #refuse(refusal: Refusal): void {
    this.#context.counters.own += 1
    this.#context.counters.answered(refusal.status, false)
    this.#client.write(rawRefusal(refusal, STATUS_CODES[refusal.status] ?? 'Refused'))
    closeGently(this.#client, this.#context.settings.client.lingerMs)
  }

  #leave(): void {
    if (this.#upstream) this.#upstream.inFlight -= 1
    this.#upstream = undefined
  }
}

function formatHead(status: number, headers: readonly string[]): string {
  let text = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}\r\n`
  for (let i = 0; i + 1 < headers.length; i += 2) text += `${headers[i]}: ${headers[i + 1]}\r\n`
  return `${text}\r\n`
}

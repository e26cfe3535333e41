import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http'
import httpProxy from 'http-proxy'
import type { ProxySettings } from '../settings.ts'
import type { Upstream } from '../upstream/upstream.ts'
import type { AnswerSink, FailureReason, Flight, Forwarder, OutboundRequest } from './forwarder.ts'
import { UpstreamAgent } from './upstream-agent.ts'

type Passes = { webPasses: ((...args: unknown[]) => unknown)[] }

/** The response that http-proxy thinks it answers to: taken already, so that it touches none. */
const ANSWERED = { headersSent: true, finished: true } as unknown as ServerResponse

/**
 * Forwards by http-proxy 1.18, of which only the pass that makes the request is left: the one that turns a chunked
 * DELETE into a smuggled request (`deleteLength`) and those that touch the client's socket and headers are removed.
 * It is handed a stand-in for the client's request with the guard's headers, so that nothing of the client's reaches
 * it unchecked, and it writes no answer.
 */
export function createHttpProxyForwarder(settings: ProxySettings['upstream']): Forwarder {
  const proxy = httpProxy.createProxyServer({ selfHandleResponse: true, toProxy: true, prependPath: false })
  const passes = proxy as unknown as Passes
  passes.webPasses = passes.webPasses.filter((pass) => pass.name === 'stream')
  if (passes.webPasses.length !== 1) throw new Error('http-proxy has no pass named stream')
  proxy.on('proxyRes', (answer, request) => (request as unknown as StandIn).flight.onResponse(answer))
  const options = new Map<Upstream, httpProxy.ServerOptions & { agent: UpstreamAgent }>()
  const optionsOf = (upstream: Upstream): httpProxy.ServerOptions => {
    const known = options.get(upstream)
    if (known) return known
    const agent = new UpstreamAgent(upstream, settings.poolIdleMs)
    const { hostname, port } = upstream
    const target = { protocol: 'http:', host: upstream.authority, hostname, port }
    const made = { target, agent } as httpProxy.ServerOptions & { agent: UpstreamAgent }
    options.set(upstream, made)
    return made
  }
  return {
    forward(upstream, request, sink) {
      const flight = new HttpProxyFlight(sink, request)
      const standIn = new StandIn(request, flight) as unknown as IncomingMessage
      proxy.web(standIn, ANSWERED, optionsOf(upstream), flight.onError)
      return flight
    },
    forget(upstream) {
      options.get(upstream)?.agent.closeIdle()
      options.delete(upstream)
    },
    async close() {
      for (const { agent } of options.values()) agent.destroy()
      options.clear()
    },
  }
}

/** As much of a client's request as http-proxy reads. */
class StandIn {
  readonly method: string
  readonly url: string
  /** Without a prototype: `constructor` is a header name like any other. */
  readonly headers: Record<string, string | string[]> = Object.create(null)
  readonly socket = { destroyed: false }
  readonly flight: HttpProxyFlight

  constructor(request: OutboundRequest, flight: HttpProxyFlight) {
    this.method = request.method
    // The target itself is set on the finished request: http-proxy would fold its double slashes.
    this.url = '/'
    this.flight = flight
    const { headers } = request
    for (let i = 0; i + 1 < headers.length; i += 2) {
      const name = headers[i] ?? ''
      const value = headers[i + 1] ?? ''
      const before = this.headers[name]
      if (before === undefined) this.headers[name] = value
      else this.headers[name] = Array.isArray(before) ? [...before, value] : [before, value]
    }
  }

  /** The client's own abort and errors are the guard's business. */
  on(): this {
    return this
  }

  /** Called where http-proxy would stream the client's body. */
  pipe(outgoing: ClientRequest): void {
    this.flight.begin(outgoing)
  }
}

class HttpProxyFlight implements Flight {
  readonly #sink: AnswerSink
  readonly #request: OutboundRequest
  #outgoing: ClientRequest | undefined
  #answer: IncomingMessage | undefined
  #sent = false
  #over = false

  constructor(sink: AnswerSink, request: OutboundRequest) {
    this.#sink = sink
    this.#request = request
  }

  begin(outgoing: ClientRequest): void {
    this.#outgoing = outgoing
    outgoing.path = this.#request.target
    outgoing.on('socket', (socket) => {
      if (!socket.connecting) this.#onSent()
      else socket.once('connect', this.#onSent)
    })
    outgoing.on('upgrade', (_answer, socket) => {
      socket.destroy()
      this.#fail('protocol')
    })
    outgoing.end(this.#request.body)
  }

  abort(): void {
    if (this.#over) return
    this.#over = true
    this.#outgoing?.destroy()
  }

  resume(): void {
    if (!this.#over) this.#answer?.resume()
  }

  #onSent = (): void => {
    this.#sent = true
    if (!this.#over) this.#sink.onSent()
  }

  onResponse(answer: IncomingMessage): void {
    answer.on('error', this.onError)
    if (this.#over) return
    this.#answer = answer
    this.#sink.onHead(answer.statusCode ?? 502, answer.statusMessage ?? '', answer.rawHeaders)
    answer.on('data', (chunk: Buffer) => {
      if (!this.#over && !this.#sink.onData(chunk)) answer.pause()
    })
    answer.on('end', () => {
      if (this.#over) return
      this.#over = true
      this.#sink.onEnd()
    })
  }

  onError = (error: NodeJS.ErrnoException): void => {
    this.#fail(!this.#sent ? 'connect' : error.code?.startsWith('HPE_') ? 'protocol' : 'reset')
  }

  #fail(reason: FailureReason): void {
    if (this.#over) return
    this.#over = true
    this.#sink.onFailure(reason, this.#sent)
  }
}

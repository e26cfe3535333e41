import { createRequire } from 'node:module'
import type { Client, Dispatcher } from 'undici'
import type { ProxySettings } from '../settings.ts'
import type { Upstream } from '../upstream/upstream.ts'
import type { AnswerSink, FailureReason, Flight, Forwarder } from './forwarder.ts'

// Of undici the client alone is loaded: the whole package (fetch, WebSocket, caches) takes three times as long to start.
const ClientClass: typeof Client = createRequire(import.meta.url)('undici/lib/dispatcher/client.js')

/** Idle clients of one upstream that are kept; more are closed. A client whose connection idled out costs a few KB. */
const MAX_IDLE = 512

/**
 * Forwards by undici's `dispatch`, a client (one connection) a request at a time: the one that was free last is used
 * next, so that few connections stay warm. undici's own Pool does the same job for about 2 µs more a request.
 * Nothing of undici's is left on that the guard decides: no retries (its RetryHandler repeats PUT and DELETE), no
 * pipelining, and no timeouts but the connect's.
 */
export function createUndiciForwarder(settings: ProxySettings['upstream']): Forwarder {
  const idle = new Map<Upstream, Client[]>()
  const busy = new Set<Client>()
  const options: Client.Options = {
    pipelining: 1,
    connectTimeout: settings.connectTimeoutMs,
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: settings.poolIdleMs,
    keepAliveMaxTimeout: settings.poolIdleMs,
    keepAliveTimeoutThreshold: 1_000,
    maxHeaderSize: settings.maxHeadBytes,
  }
  return {
    forward(upstream, request, sink) {
      let stack = idle.get(upstream)
      if (!stack) {
        stack = []
        idle.set(upstream, stack)
      }
      const client = stack.pop() ?? new ClientClass(upstream.url, options)
      busy.add(client)
      const flight = new UndiciFlight(sink, () => {
        busy.delete(client)
        // An upstream that was forgotten meanwhile has no stack any more.
        if (idle.get(upstream) === stack && stack.length < MAX_IDLE) stack.push(client)
        else void client.close()
      })
      const { target: path, method, headers, body = null } = request
      const ask = { path, method, headers: headers as string[], body, idempotent: false, blocking: false }
      client.dispatch(ask as Dispatcher.DispatchOptions, flight as Dispatcher.DispatchHandler)
      return flight
    },
    forget(upstream) {
      for (const client of idle.get(upstream) ?? []) void client.close()
      idle.delete(upstream)
    },
    async close() {
      const all = [...busy, ...[...idle.values()].flat()]
      busy.clear()
      idle.clear()
      await Promise.all(all.map((client) => client.destroy()))
    },
  }
}

/**
 * One try as undici's raw handler (the one without parsed headers, which would be parsed for nothing).
 * undici gives no handle on a request that has no connection yet: an abort before that takes effect in `onConnect`,
 * which is before anything is written.
 */
class UndiciFlight implements Flight {
  readonly #sink: AnswerSink
  readonly #free: () => void
  #abort: ((error?: Error) => void) | undefined
  #resume: (() => void) | undefined
  #over = false

  /** @param free called once, when the client can take the next request. */
  constructor(sink: AnswerSink, free: () => void) {
    this.#sink = sink
    this.#free = free
  }

  abort(): void {
    if (this.#over) return
    this.#over = true
    // Without a connection yet the client stays busy until it has one, or fails to.
    if (!this.#abort) return
    this.#abort()
    this.#free()
  }

  resume(): void {
    if (!this.#over) this.#resume?.()
  }

  onConnect(abort: (error?: Error) => void): void {
    if (this.#over) {
      // Ends in `onError`, which frees the client.
      abort()
      return
    }
    this.#abort = abort
    this.#sink.onSent()
  }

  onHeaders(status: number, raw: Buffer[], resume: () => void, statusText: string): boolean {
    if (this.#over || status < 200) return true
    this.#resume = resume
    const headers: string[] = []
    for (const part of raw) headers.push(part.toString('latin1'))
    this.#sink.onHead(status, statusText, headers)
    // undici takes a 304 that tells the length of what it stands for as a body cut short.
    if (status === 304) this.onComplete()
    return true
  }

  onData(chunk: Buffer): boolean {
    return this.#over ? true : this.#sink.onData(chunk)
  }

  onComplete(): void {
    if (this.#over) return
    this.#over = true
    this.#free()
    this.#sink.onEnd()
  }

  onUpgrade(): void {
    throw new Error('no upgrade was asked for')
  }

  onError(error: Error & { code?: string }): void {
    if (this.#over) {
      // Aborted before it had a connection.
      if (!this.#abort) this.#free()
      return
    }
    this.#over = true
    this.#free()
    const sent = this.#abort !== undefined
    const reason: FailureReason = !sent ? 'connect' : error.code?.startsWith('HPE_') ? 'protocol' : 'reset'
    this.#sink.onFailure(reason, sent)
  }
}

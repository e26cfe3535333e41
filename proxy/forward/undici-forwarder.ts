import { createRequire } from 'node:module'
import type { Dispatcher, Pool } from 'undici'
import type { ProxySettings } from '../settings.ts'
import type { Upstream } from '../upstream/upstream.ts'
import type { AnswerSink, FailureReason, Flight, Forwarder } from './forwarder.ts'

// Of undici the pool alone is loaded: the whole package (fetch, WebSocket, caches) takes three times as long to start.
const PoolClass: typeof Pool = createRequire(import.meta.url)('undici/lib/dispatcher/pool.js')

/**
 * Forwards by undici's `dispatch`: one pool an upstream, no pipelining. Of undici's own behaviour nothing is left on
 * that the guard decides: no retries (its RetryHandler repeats PUT and DELETE) and no timeouts but the connect's.
 */
export function createUndiciForwarder(settings: ProxySettings['upstream']): Forwarder {
  const pools = new Map<Upstream, Pool>()
  const poolOf = (upstream: Upstream): Pool => {
    const known = pools.get(upstream)
    if (known) return known
    const pool = new PoolClass(upstream.url, {
      pipelining: 1,
      connectTimeout: settings.connectTimeoutMs,
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: settings.poolIdleMs,
      keepAliveMaxTimeout: settings.poolIdleMs,
      keepAliveTimeoutThreshold: 1_000,
      maxHeaderSize: settings.maxHeadBytes,
    })
    pools.set(upstream, pool)
    return pool
  }
  return {
    forward(upstream, request, sink) {
      const flight = new UndiciFlight(sink)
      const { target: path, method, headers, body = null } = request
      const options = { path, method, headers: headers as string[], body, idempotent: false, blocking: false }
      poolOf(upstream).dispatch(options as Dispatcher.DispatchOptions, flight as Dispatcher.DispatchHandler)
      return flight
    },
    forget(upstream) {
      const pool = pools.get(upstream)
      pools.delete(upstream)
      void pool?.close()
    },
    async close() {
      const all = [...pools.values()]
      pools.clear()
      await Promise.all(all.map((pool) => pool.destroy()))
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
  #abort: ((error?: Error) => void) | undefined
  #resume: (() => void) | undefined
  #over = false

  constructor(sink: AnswerSink) {
    this.#sink = sink
  }

  abort(): void {
    if (this.#over) return
    this.#over = true
    this.#abort?.()
  }

  resume(): void {
    if (!this.#over) this.#resume?.()
  }

  onConnect(abort: (error?: Error) => void): void {
    if (this.#over) {
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
    this.#sink.onEnd()
  }

  onUpgrade(): void {
    throw new Error('no upgrade was asked for')
  }

  onError(error: Error & { code?: string }): void {
    if (this.#over) return
    this.#over = true
    const sent = this.#abort !== undefined
    const reason: FailureReason = !sent ? 'connect' : error.code?.startsWith('HPE_') ? 'protocol' : 'reset'
    this.#sink.onFailure(reason, sent)
  }
}

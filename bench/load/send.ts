import type { IncomingHttpHeaders } from 'node:http'
import { Client } from 'undici'
import { monotonicUs } from '#contract/clock.ts'
import type { RequestTemplate } from '#contract/target.ts'
import type { TransportFailure } from './transport-failure.ts'
import { errorCode, transportFailure } from './transport-failure.ts'

/** A whole answer. Times are µs on the monotonic clock. */
export interface Answer {
  kind: 'answer'
  status: number
  headers: IncomingHttpHeaders
  setCookies: readonly string[]
  /** Parsed where it is JSON, text otherwise; null where the answer has no body. */
  body: unknown
  invokedUs: number
  doneUs: number
}

/** No whole answer came; `reason` is the error's code. The request may have taken effect unless `connect_refused` or `unsent`. */
export interface SendFailure {
  kind: TransportFailure
  reason: string
  invokedUs: number
  doneUs: number
}

export interface SendOptions {
  /** For the whole exchange, connecting included. */
  timeoutMs: number
  /** The loopback address to send from. */
  localAddress?: string
  signal?: AbortSignal
}

/**
 * Sends one request over a connection of its own, so that no old connection's death is taken for this request's.
 * @param url the base address; the request's path is appended.
 * @returns a failure as a value; throws only when aborted by the caller's signal or when the request is not valid HTTP.
 */
export async function sendOnce(
  url: string,
  request: RequestTemplate,
  options: SendOptions,
): Promise<Answer | SendFailure> {
  options.signal?.throwIfAborted()
  const base = new URL(url)
  const limit = AbortSignal.timeout(Math.max(1, Math.ceil(options.timeoutMs)))
  const signal = options.signal ? AbortSignal.any([limit, options.signal]) : limit
  const client = new Client(base.origin, {
    headersTimeout: 0,
    bodyTimeout: 0,
    ...(options.localAddress === undefined ? {} : { localAddress: options.localAddress }),
  })
  const invokedUs = monotonicUs()
  try {
    const response = await client.request({
      method: request.method,
      path: `${base.pathname.replace(/\/$/, '')}${request.path}`,
      headers: { ...request.headers },
      body: request.body ?? null,
      reset: true,
      signal,
    })
    const text = await response.body.text()
    return {
      kind: 'answer',
      status: response.statusCode,
      headers: response.headers,
      setCookies: [response.headers['set-cookie'] ?? []].flat(),
      body: parseBody(text),
      invokedUs,
      doneUs: monotonicUs(),
    }
  } catch (error) {
    options.signal?.throwIfAborted()
    if (errorCode(error) === 'UND_ERR_INVALID_ARG') throw error
    return { kind: transportFailure(error), reason: errorCode(error), invokedUs, doneUs: monotonicUs() }
  } finally {
    await client.destroy().catch(() => {})
  }
}

/** One of many requests, each to an address of its own. */
export interface Errand {
  url: string
  request: RequestTemplate
}

/** Sends them all, at most `concurrency` at a time; the results are in the order of the errands. */
export async function sendAll(
  errands: readonly Errand[],
  concurrency: number,
  options: SendOptions,
): Promise<(Answer | SendFailure)[]> {
  const results: (Answer | SendFailure)[] = []
  let next = 0
  async function worker(): Promise<void> {
    while (next < errands.length) {
      const index = next++
      const errand = errands[index]
      if (errand) results[index] = await sendOnce(errand.url, errand.request, options)
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, Math.min(concurrency, errands.length)) }, worker))
  return results
}

function parseBody(text: string): unknown {
  if (text === '') return null
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

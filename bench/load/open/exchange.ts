import type { IncomingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'
import type { Dispatcher } from 'undici'
import { monotonicUs } from '#contract/clock.ts'
import { HEADERS } from '#contract/headers.ts'
import { UNAVAILABLE_HEADER } from '#contract/reasons.ts'
import type { AnswerHeaders } from '../read-answer.ts'
import type { Arrival, Settled } from './arrival.ts'

export interface ExchangeEnd {
  ended(settled: Settled, keepAlive: boolean): void
  failed(error: unknown): void
}

/** Follows one request over the wire: stamps its times, reads its answer, says how it ended. */
export function createExchange(
  arrival: Arrival,
  socket: Socket,
  options: { mode: string | undefined; follow: boolean; takeUp: boolean },
  end: ExchangeEnd,
): Dispatcher.DispatchHandler {
  const chunks: Buffer[] = []
  let status = 0
  let all: IncomingHttpHeaders = {}
  let headers: AnswerHeaders = { node: '', mode: '', unavailable: '', setCookies: [] }
  let keepAlive = true
  let writtenBefore = 0
  let readBefore = 0

  return {
    onRequestStart() {
      if (arrival.sentUs === 0) arrival.sentUs = monotonicUs()
      writtenBefore = socket.bytesWritten
      readBefore = socket.bytesRead
    },
    onResponseStart(_controller, statusCode, received) {
      arrival.firstByteUs = monotonicUs()
      status = statusCode
      all = received
      headers = pickHeaders(received)
      keepAlive = text(received['connection']).toLowerCase() !== 'close'
    },
    onResponseData(_controller, chunk) {
      chunks.push(chunk)
    },
    onResponseEnd() {
      const body = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)
      const { outcome, reason } = arrival.client.reader.read(status, headers, body)
      if (options.takeUp && outcome === 'ok') arrival.client.takeUp(all, headers.setCookies, body)
      if (options.follow && headers.setCookies.length > 0) arrival.client.follow(headers.setCookies)
      end.ended(
        {
          outcome,
          status,
          node: headers.node,
          reason,
          bytesUp: socket.bytesWritten - writtenBefore,
          bytesDown: socket.bytesRead - readBefore,
          setCookies: headers.setCookies.length,
          isWrongMode:
            options.mode !== undefined && outcome === 'ok' && headers.mode.split('@', 1)[0] !== options.mode,
        },
        keepAlive,
      )
    },
    onResponseError(_controller, error) {
      end.failed(error)
    },
  }
}

function pickHeaders(received: IncomingHttpHeaders): AnswerHeaders {
  return {
    node: text(received[HEADERS.servedBy]),
    mode: text(received[HEADERS.mode]),
    unavailable: text(received[UNAVAILABLE_HEADER]),
    setCookies: [received['set-cookie'] ?? []].flat(),
  }
}

function text(value: string | string[] | undefined): string {
  return typeof value === 'string' ? value : (value?.[0] ?? '')
}

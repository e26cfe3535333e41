import { connect, type Socket } from 'node:net'
import { monotonicUs } from '#contract/clock.ts'
import type { Random } from '../../workload/random.ts'
import { loopbackAddress } from '../loopback-address.ts'
import type { TransportFailure } from '../transport-failure.ts'
import { transportFailure } from '../transport-failure.ts'
import type { AnswerHead, AutocannonClient } from './autocannon-client.ts'

/** How long a lost connection rests before it is opened again: a refused port must not cost the generator its core. */
const REST_MS = { least: 20, spread: 20 }

export interface ReconnectingEvents {
  /** A request was cut off (`wasSent`), or there was no connection to send it over. */
  failed(outcome: TransportFailure, wasSent: boolean): void
  reconnected(): void
}

export interface Reconnecting {
  /** Ends the connection as `timeout` where it was asked for, or its request sent, longer ago than this. */
  expire(olderThanMs: number): void
  /** 1 while a request waits for its answer. */
  readonly inFlight: number
  stop(): void
}

/**
 * Puts a connection of our own under an autocannon client. Left to itself, autocannon goes on after a FIN with the
 * old request still in its queue (so that every later answer is matched to the request before), tries a refused port
 * without a pause, swallows parse errors, and sends before it is connected.
 *
 * Call it from `setupClient`: the client connects right after that.
 */
export function makeReconnecting(
  client: AutocannonClient,
  index: number,
  random: Random,
  events: ReconnectingEvents,
): Reconnecting {
  const sendNext = client._doRequest
  let isOpen = false
  let isClosing = false
  let openingUs = 0
  let resting: NodeJS.Timeout | undefined

  function open(): void {
    resting = undefined
    // Whatever half an answer the old connection left behind must not meet the new one's first bytes.
    client.parser.reinitialize(client.parser.type)
    client.pipelinedRequests.clear()
    isClosing = false
    openingUs = monotonicUs()
    const { hostname, port } = client.opts
    const localAddress = loopbackAddress(index, hostname)
    const socket = connect({
      host: hostname,
      port: Number(port),
      noDelay: true,
      ...(localAddress === undefined ? {} : { localAddress }),
    })
    client.conn = socket
    let reason: unknown = new Error('closed by the peer')
    socket.once('connect', () => {
      isOpen = true
      client._doRequest()
    })
    socket.on('data', (chunk) => {
      client.pipelinedRequests.addByteCount(chunk.length)
      const parsed = client.parser.execute(chunk)
      if (parsed instanceof Error) socket.destroy(parsed)
    })
    socket.on('error', (error) => {
      reason = error
    })
    socket.once('close', () => lost(socket, reason))
  }

  function lost(socket: Socket, reason: unknown, immediately = false): void {
    if (client.conn !== socket || client.destroyed || resting) return
    const wasOpen = isOpen
    isOpen = false
    const pending = client.pipelinedRequests.size()
    client.pipelinedRequests.clear()
    // A connection that could not be opened had a request to send as well.
    if (pending > 0 || !wasOpen) events.failed(transportFailure(reason), pending > 0)
    socket.destroy()
    const restMs = immediately ? 0 : REST_MS.least + REST_MS.spread * random.next()
    resting = setTimeout(() => {
      events.reconnected()
      open()
    }, restMs)
  }

  client._connect = open
  client._doRequest = () => {
    if (isClosing) lost(client.conn, undefined, true)
    else if (isOpen && !client.destroyed) sendNext.call(client)
  }
  client._destroyConnection = () => {
    clearTimeout(resting)
    client.pipelinedRequests.clear()
    client.conn?.destroy()
  }
  client.on('headers', (head: AnswerHead) => {
    // The peer closes after this answer: a request sent now would be lost through no fault of anybody's.
    isClosing = !head.shouldKeepAlive
  })

  return {
    get inFlight() {
      return client.pipelinedRequests.size()
    },
    expire(olderThanMs) {
      const sent = client.pipelinedRequests.toArray()[0]
      const sinceUs = sent
        ? sent.startTime[0] * 1e6 + sent.startTime[1] / 1000
        : isOpen
          ? undefined
          : openingUs
      if (sinceUs !== undefined && monotonicUs() - sinceUs > olderThanMs * 1000)
        lost(client.conn, new DOMException('no answer in time', 'TimeoutError'))
    },
    stop: () => clearTimeout(resting),
  }
}

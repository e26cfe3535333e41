import { connect, type Socket } from 'node:net'
import type { Dispatcher } from 'undici'
import { Client } from 'undici'
import { monotonicUs } from '#contract/clock.ts'
import { loopbackAddress } from '../loopback-address.ts'
import { errorCode, transportFailure } from '../transport-failure.ts'
import type { Arrival, Settled } from './arrival.ts'
import { NOTHING_CAME } from './arrival.ts'
import { createExchange } from './exchange.ts'

/** Where a connection's events go. Each arrival that was handed to it is settled exactly once. */
export interface ConnectionOwner {
  settled(arrival: Arrival, settled: Settled): void
  /** Ready for the next request. */
  idle(connection: Connection): void
  /** Lost, refused or closed; nothing is in flight on it. `wasAsked`: the peer had announced that it would close. */
  down(connection: Connection, wasAsked: boolean): void
}

/** One connection of the open loop, with at most one request in flight. */
export interface Connection {
  readonly index: number
  readonly state: 'down' | 'connecting' | 'idle' | 'busy'
  /** What waits for its end here. */
  readonly arrival: Arrival | undefined
  /** Opens it, for a request where there is one: then the opening is part of that request's service time. */
  open(arrival?: Arrival): void
  /** Hands a request to a connection that is opening without one. */
  attach(arrival: Arrival): void
  /** Sends on an idle connection. */
  send(arrival: Arrival): void
  /** Ends whatever is under way as `timeout`, and the connection. */
  giveUp(): void
  /** Ends the connection without settling anything. */
  destroy(): void
}

export interface ConnectionOptions {
  index: number
  url: string
  mode: string | undefined
  follow: boolean
  takeUp: boolean
}

export function createConnection(options: ConnectionOptions, owner: ConnectionOwner): Connection {
  const base = new URL(options.url)
  const prefix = base.pathname.replace(/\/$/, '')
  const localAddress = loopbackAddress(options.index, base.hostname)
  let state: Connection['state'] = 'down'
  let arrival: Arrival | undefined
  let link: { socket: Socket; client: Client } | undefined
  let isClosing = false

  function settle(settled: Settled): void {
    const ended = arrival
    if (!ended) return
    arrival = undefined
    ended.doneUs = monotonicUs()
    owner.settled(ended, settled)
  }

  /** The connection is no more; `error` is what it died of, undefined for an end between requests. */
  function lost(error: unknown): void {
    const dead = link
    if (!dead) return
    link = undefined
    state = 'down'
    dead.socket.destroy()
    dead.client.destroy().catch(() => {})
    settle({ ...NOTHING_CAME, outcome: transportFailure(error), reason: errorCode(error) })
    owner.down(connection, isClosing)
  }

  function write(next: Arrival): void {
    if (!link) throw new Error('a request was handed to a connection that is down')
    const { socket, client } = link
    state = 'busy'
    arrival = next
    next.client.renew()
    const dispatch: Dispatcher.DispatchOptions = {
      method: next.client.method,
      path: prefix + next.client.path,
      headers: next.client.headers,
      body: next.client.body,
    }
    const exchange = createExchange(next, socket, options, {
      ended(settled, keepAlive) {
        if (link?.socket !== socket) return
        isClosing = !keepAlive
        state = isClosing ? 'busy' : 'idle'
        settle(settled)
        if (isClosing) lost(undefined)
        else if (state === 'idle') owner.idle(connection)
      },
      failed: (error) => {
        if (link?.socket === socket) lost(error)
      },
    })
    client.dispatch(dispatch, exchange)
  }

  const connection: Connection = {
    index: options.index,
    get state() {
      return state
    },
    get arrival() {
      return arrival
    },
    open(first) {
      state = 'connecting'
      isClosing = false
      if (first) connection.attach(first)
      const opened = openLink(base, localAddress, lost, () => {
        if (link !== opened) return
        state = 'idle'
        const waiting = arrival
        if (waiting) write(waiting)
        else owner.idle(connection)
      })
      link = opened
    },
    attach(next) {
      arrival = next
      next.sentUs = monotonicUs()
    },
    send: write,
    giveUp: () => lost(new DOMException('no answer in time', 'TimeoutError')),
    destroy() {
      const dead = link
      link = undefined
      arrival = undefined
      state = 'down'
      dead?.socket.destroy()
      dead?.client.destroy().catch(() => {})
    },
  }
  return connection
}

/**
 * Opens a socket and puts an HTTP client on it. The client never opens one of its own: when and how often a lost
 * connection is tried again is decided by the generator.
 */
function openLink(
  base: URL,
  localAddress: string | undefined,
  lost: (error: unknown) => void,
  opened: () => void,
): { socket: Socket; client: Client } {
  const socket = connect({
    host: base.hostname.replace(/^\[|\]$/g, ''),
    port: Number(base.port || 80),
    noDelay: true,
    ...(localAddress === undefined ? {} : { localAddress }),
  })
  let reason: unknown = new Error('closed by the peer')
  let isGiven = false
  socket.once('connect', opened)
  socket.on('error', (error) => {
    reason = error
  })
  socket.once('close', () => lost(reason))
  const client = new Client(base.origin, {
    connect: (_options, callback) => {
      const isUsable = !isGiven && !socket.destroyed
      isGiven = true
      // The client expects its socket in a later turn.
      queueMicrotask(() =>
        isUsable ? callback(null, socket) : callback(new Error('the connection is closed'), null),
      )
    },
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: 600_000,
  })
  return { socket, client }
}

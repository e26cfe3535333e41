import { monotonicUs } from '#contract/clock.ts'
import type { Random } from '../../workload/random.ts'
import type { LoadPlan } from '../plan.ts'
import type { Arrival, Settled } from './arrival.ts'
import { NOTHING_CAME } from './arrival.ts'
import { createBoundedQueue } from './bounded-queue.ts'
import type { Connection } from './connection.ts'
import { createConnection } from './connection.ts'

/** How long a lost connection rests before it is opened again: a refused port must not cost the generator its core. */
const REST_MS = { least: 20, spread: 20 }

/**
 * Brings due requests and connections together: first in, first out, over connections that take turns.
 *
 *     submit ─▶ queue (bounded) ─▶ idle connection ─▶ settled
 *                    │ full             ▲ opened again after 20–40 ms
 *                    ▼                  │ lost
 *                 unsent           down ┘
 */
export interface Switchboard {
  /** Takes a due request. Everything submitted is settled exactly once. */
  submit(arrival: Arrival): void
  /** Ends what has been under way for longer than the plan's time-out. */
  expire(): void
  /** Requests sent and not ended. */
  readonly inFlight: number
  /** Requests that wait for a connection. */
  readonly waiting: number
  readonly reconnects: number
  /** Opens all connections; resolves when each is open or has been refused, or after `limitMs`. */
  open(limitMs: number): Promise<void>
  /** Settles whatever waits as `unsent`, and whatever is in flight as `timeout`; closes the connections. */
  close(): void
}

export function createSwitchboard(
  plan: LoadPlan,
  random: Random,
  onSettled: (arrival: Arrival, settled: Settled) => void,
): Switchboard {
  const most = plan.maxQueued ?? Math.max(64, Math.ceil((plan.ratePerS * plan.timeoutMs) / 1000))
  const queue = createBoundedQueue<Arrival>(most)
  const idle: Connection[] = []
  const resting = new Set<NodeJS.Timeout>()
  let firstTries = new Set<Connection>()
  let allTried: (() => void) | undefined
  let reconnects = 0
  let isClosed = false

  const connections = Array.from({ length: plan.connections }, (_, index) =>
    createConnection(
      {
        index,
        url: plan.urls[index % plan.urls.length] as string,
        mode: plan.mode,
        follow: plan.followCookies,
        takeUp: plan.takeUp !== undefined,
      },
      { settled: onSettled, idle: becameIdle, down: wentDown },
    ),
  )

  function unsent(arrival: Arrival, reason: string): void {
    arrival.doneUs = monotonicUs()
    onSettled(arrival, { ...NOTHING_CAME, outcome: 'unsent', reason })
  }

  function tried(connection: Connection): void {
    if (!firstTries.delete(connection) || firstTries.size > 0) return
    allTried?.()
  }

  function becameIdle(connection: Connection): void {
    tried(connection)
    idle.push(connection)
    drain()
  }

  function wentDown(connection: Connection, wasAsked: boolean): void {
    tried(connection)
    const place = idle.indexOf(connection)
    if (place >= 0) idle.splice(place, 1)
    if (isClosed) return
    const restMs = wasAsked ? 0 : REST_MS.least + REST_MS.spread * random.next()
    const timer = setTimeout(() => {
      resting.delete(timer)
      reconnects++
      connection.open(queue.shift())
    }, restMs)
    resting.add(timer)
  }

  function drain(): void {
    while (queue.size > 0) {
      const ready = idle.shift()
      const opening = ready
        ? undefined
        : connections.find((one) => one.state === 'connecting' && !one.arrival)
      if (!ready && !opening) return
      const next = queue.shift()
      if (!next) return
      if (ready) ready.send(next)
      else opening?.attach(next)
    }
  }

  return {
    submit(arrival) {
      if (queue.push(arrival)) drain()
      else unsent(arrival, 'queue_full')
    },
    expire() {
      const before = monotonicUs() - plan.timeoutMs * 1000
      for (const connection of connections) {
        const sentUs = connection.arrival?.sentUs ?? 0
        if (sentUs > 0 && sentUs < before) connection.giveUp()
      }
    },
    get inFlight() {
      return connections.reduce((sum, connection) => sum + (connection.arrival ? 1 : 0), 0)
    },
    get waiting() {
      return queue.size
    },
    get reconnects() {
      return reconnects
    },
    async open(limitMs) {
      const { promise, resolve } = Promise.withResolvers<void>()
      firstTries = new Set(connections)
      allTried = resolve
      const limit = setTimeout(resolve, limitMs)
      for (const connection of connections) connection.open()
      await promise
      clearTimeout(limit)
    },
    close() {
      isClosed = true
      for (const timer of resting) clearTimeout(timer)
      for (let left = queue.shift(); left; left = queue.shift()) unsent(left, 'run_ended')
      for (const connection of connections) {
        if (connection.arrival) connection.giveUp()
        connection.destroy()
      }
    },
  }
}

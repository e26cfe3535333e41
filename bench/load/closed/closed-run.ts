import autocannon from 'autocannon'
import { createRandom } from '../../workload/random.ts'
import { createEdges } from '../edges.ts'
import type { LoadClient, LoadHooks, LoadPlan, LoadWindow } from '../plan.ts'
import { createWindowTally } from '../window-tally.ts'
import type { AutocannonClient } from './autocannon-client.ts'
import type { Reconnecting } from './reconnecting.ts'
import { makeReconnecting } from './reconnecting.ts'
import { watchClient } from './watched-client.ts'

/** How often requests are looked over for time-outs. */
const SWEEP_MS = 10
/** autocannon notices a stop once in this time. */
const STOP_CHECK_MS = 20
/** autocannon's own clocks are out of the way: the run is ended, and requests are timed out, from here. */
const NEVER_S = 1_000_000

/** Runs one plan in this process. @throws the signal's reason when aborted. */
export async function runClosed(plan: LoadPlan, hooks: LoadHooks, signal: AbortSignal): Promise<LoadWindow> {
  const random = createRandom(plan.seed).fork('reconnect')
  const tally = createWindowTally()
  const connections: Reconnecting[] = []
  let sent = 0
  let reconnects = 0
  const edges = createEdges(
    () => connections.reduce((sum, connection) => sum + connection.inFlight, 0),
    hooks.onEdge,
  )

  function setupClient(client: AutocannonClient): void {
    const index = connections.length
    const user = plan.clients[index % plan.clients.length] as LoadClient
    const reconnecting = makeReconnecting(client, index, random, {
      failed(outcome, wasSent) {
        if (!edges.isOpen) return
        // What found no connection never got as far as autocannon's own count of requests.
        if (!wasSent) sent++
        tally.complete(outcome)
        tally.count({ ...NO_ANSWER, outcome })
      },
      reconnected: () => reconnects++,
    })
    watchClient(client, user, plan, {
      sent() {
        if (edges.isOpen) sent++
      },
      answered(answer) {
        if (!edges.isOpen) return
        tally.complete(answer.outcome)
        tally.answered(answer.node, answer.isWrongMode)
        tally.count({ ...answer, responseUs: answer.serviceUs, latenessUs: undefined })
      },
    })
    connections.push(reconnecting)
  }

  const run = autocannon(optionsFor(plan, setupClient))
  const ended = Promise.resolve(run as PromiseLike<unknown>)
  // Awaited at the end; until then nobody listens.
  ended.catch(() => {})
  const sweep = setInterval(() => {
    for (const connection of connections) connection.expire(plan.timeoutMs)
  }, SWEEP_MS)

  try {
    await sleep(plan.leadMs, signal)
    edges.take('start')
    await sleep(plan.windowMs, signal)
    edges.take('end')
    await sleep(plan.tailMs, signal)
    const figures = tally.figures()
    const taken = edges.figures()
    return {
      kind: 'closed',
      startedUs: taken.edgesUs[0],
      endedUs: taken.edgesUs[1],
      intended: sent,
      sent: sent - figures.outcomes.unsent,
      ...taken,
      ...figures,
      ticks: null,
      reconnects,
    }
  } finally {
    clearInterval(sweep)
    for (const connection of connections) connection.stop()
    ;(run as unknown as { stop(): void }).stop()
    await ended
  }
}

const NO_ANSWER = {
  serviceUs: undefined,
  responseUs: undefined,
  latenessUs: undefined,
  bytesUp: 0,
  bytesDown: 0,
  setCookies: 0,
} as const

function optionsFor(plan: LoadPlan, setupClient: (client: AutocannonClient) => void): autocannon.Options {
  const { method, path, body } = plan.request
  return {
    // Several addresses are dealt out in turn; the type knows one only.
    url: plan.urls.map((url) => new URL(`${url.replace(/\/$/, '')}${path}`).href) as unknown as string,
    method,
    ...(body === undefined ? {} : { body }),
    connections: plan.connections,
    pipelining: 1,
    duration: NEVER_S,
    timeout: NEVER_S,
    sampleInt: STOP_CHECK_MS,
    skipAggregateResult: true,
    setupClient: setupClient as unknown as (client: autocannon.Client) => void,
  }
}

/** A timer of the loop that sends: an edge may come late, and is taken as what it is. */
async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const abort = (): void => reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  const timer = setTimeout(resolve, ms)
  try {
    signal.throwIfAborted()
    await promise
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
  }
}

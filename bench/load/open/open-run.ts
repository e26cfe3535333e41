import { monotonicUs } from '#contract/clock.ts'
import { createRandom } from '../../workload/random.ts'
import { cpuBetween, markCpu } from '../generator-cpu.ts'
import type { LoadHooks, LoadPlan, LoadWindow } from '../plan.ts'
import { createWindowTally } from '../window-tally.ts'
import type { Arrival, Settled } from './arrival.ts'
import { createPacer } from './pacer.ts'
import { prepareClient } from './prepared-client.ts'
import { createSampleBatches } from './sample-batches.ts'
import { createSwitchboard } from './switchboard.ts'
import { createTickBoard } from './tick-board.ts'
import { startTickThread } from './tick-thread.ts'

/** Between the moment all is ready and the first possible arrival. */
const START_MS = 5
/** A second, slower clock beside the tick thread: time-outs, and arrivals should that thread ever stall. */
const SWEEP_MS = 10

/** Runs one plan in this process. @throws the signal's reason when aborted; whatever the tick thread died of. */
export async function runOpen(plan: LoadPlan, hooks: LoadHooks, signal: AbortSignal): Promise<LoadWindow> {
  const random = createRandom(plan.seed)
  const durationMs = plan.leadMs + plan.windowMs + plan.tailMs
  const pacer = createPacer({ ...plan, durationMs }, random.fork('arrivals'))
  const clients = plan.clients.map((client) => prepareClient(client, plan))
  const choice = random.fork('clients')
  const chosen = Uint32Array.from({ length: pacer.count }, () => choice.int(clients.length))

  const tally = createWindowTally()
  const samples = createSampleBatches(plan.keepSamples ? hooks.onSamples : undefined)
  const finished = Promise.withResolvers<void>()
  let windowStartUs = Number.POSITIVE_INFINITY
  let windowEndUs = Number.POSITIVE_INFINITY
  let isBetweenEdges = false
  let intended = 0
  let next = 0
  let isOver = false

  const switchboard = createSwitchboard(plan, random.fork('reconnect'), onSettled)

  function isInWindow(dueUs: number): boolean {
    return dueUs >= windowStartUs && dueUs < windowEndUs
  }

  function onSettled(arrival: Arrival, settled: Settled): void {
    if (isBetweenEdges) {
      tally.complete(settled.outcome)
      if (settled.status > 0) tally.answered(settled.node, settled.isWrongMode)
    }
    const wasSent = arrival.sentUs > 0
    if (isInWindow(arrival.dueUs)) {
      tally.count({
        ...settled,
        serviceUs: wasSent ? arrival.doneUs - arrival.sentUs : undefined,
        responseUs: arrival.doneUs - arrival.dueUs,
        latenessUs: wasSent ? arrival.sentUs - arrival.dueUs : undefined,
      })
    }
    samples.add(arrival, settled)
    if (isOver && switchboard.waiting === 0 && switchboard.inFlight === 0) finished.resolve()
  }

  /** Takes up everything that is due. */
  function pump(): void {
    const nowUs = monotonicUs()
    while (next < pacer.count && (board.dueUs[next] ?? 0) <= nowUs) {
      const dueUs = board.dueUs[next] ?? 0
      const client = clients[chosen[next] ?? 0]
      if (!client) throw new Error(`arrival ${next} has no client`)
      if (isInWindow(dueUs)) intended++
      const arrival = { seq: next, client, dueUs, sentUs: 0, firstByteUs: 0, doneUs: 0 }
      next++
      switchboard.submit(arrival)
    }
    ticks.progress(next)
  }

  const abort = (): void => finished.reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  // Whoever awaits it may not be there yet.
  finished.promise.catch(() => {})
  const board = createTickBoard(pacer.count)
  await using ticks = await startTickThread(board, pump, finished.reject)
  const timers: NodeJS.Timeout[] = []
  try {
    await switchboard.open(plan.timeoutMs)
    signal.throwIfAborted()

    const startUs = monotonicUs() + START_MS * 1000
    windowStartUs = startUs + plan.leadMs * 1000
    windowEndUs = windowStartUs + plan.windowMs * 1000
    for (let index = 0; index < pacer.count; index++)
      board.dueUs[index] = startUs + (pacer.dueAtMs(index) ?? 0) * 1000
    board.dueUs[pacer.count] = startUs + durationMs * 1000
    const at = (atUs: number, act: () => void): void => {
      timers.push(setTimeout(act, Math.max(0, (atUs - monotonicUs()) / 1000)))
    }

    let startMark = markCpu()
    let endMark = startMark
    let inFlight: [number, number] = [0, 0]
    at(windowStartUs, () => {
      startMark = markCpu()
      inFlight = [switchboard.inFlight, 0]
      isBetweenEdges = true
      hooks.onEdge?.('start', startMark.atUs)
    })
    at(windowEndUs, () => {
      endMark = markCpu()
      inFlight = [inFlight[0], switchboard.inFlight]
      isBetweenEdges = false
      hooks.onEdge?.('end', endMark.atUs)
    })
    at(startUs + durationMs * 1000, () => {
      pump()
      isOver = true
      if (switchboard.waiting === 0 && switchboard.inFlight === 0) finished.resolve()
      // What still waits for a connection by then is settled as unsent.
      at(monotonicUs() + 2 * plan.timeoutMs * 1000, () => finished.resolve())
    })
    const sweep = setInterval(() => {
      pump()
      switchboard.expire()
    }, SWEEP_MS)
    timers.push(sweep)
    ticks.start()

    await finished.promise
    switchboard.close()
    const figures = tally.figures()
    return {
      kind: 'open',
      startedUs: windowStartUs,
      endedUs: windowEndUs,
      edgesUs: [startMark.atUs, endMark.atUs],
      intended,
      sent: intended - figures.outcomes.unsent,
      inFlight,
      ...figures,
      generatorCpu: cpuBetween(startMark, endMark),
      ticks: ticks.health(),
      reconnects: switchboard.reconnects,
    }
  } finally {
    isOver = true
    signal.removeEventListener('abort', abort)
    for (const timer of timers) clearTimeout(timer)
    switchboard.close()
    samples.flush()
  }
}

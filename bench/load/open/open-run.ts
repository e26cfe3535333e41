import { monotonicUs } from '#contract/clock.ts'
import { createRandom } from '../../workload/random.ts'
import { createEdges } from '../edges.ts'
import type { LoadHooks, LoadPlan, LoadWindow } from '../plan.ts'
import { createWindowTally } from '../window-tally.ts'
import type { Arrival, Settled } from './arrival.ts'
import { createArrival, NOTHING_CAME } from './arrival.ts'
import { createSampleBatches } from './sample-batches.ts'
import { createSchedule } from './schedule.ts'
import { createSwitchboard } from './switchboard.ts'
import { createTickBoard, WAKE_AHEAD_US } from './tick-board.ts'
import type { TickThread } from './tick-thread.ts'
import { createWaitingRoom } from './waiting-room.ts'

/** Between the moment all is ready and the first possible arrival. */
const START_MS = 5
/** A second, slower clock beside the tick thread: time-outs, and arrivals should that thread ever stall. */
const SWEEP_MS = 10

/** Runs one plan in this process. @throws the signal's reason when aborted; whatever the tick thread died of. */
export async function runOpen(
  plan: LoadPlan,
  thread: TickThread,
  hooks: LoadHooks,
  signal: AbortSignal,
): Promise<LoadWindow> {
  const schedule = createSchedule(plan)
  const room = createWaitingRoom(plan.clients.length)
  const tally = createWindowTally()
  const samples = createSampleBatches(plan.keepSamples ? hooks.onSamples : undefined)
  const switchboard = createSwitchboard(plan, createRandom(plan.seed).fork('reconnect'), ended)
  const edges = createEdges(() => switchboard.inFlight, hooks.onEdge)
  const over = Promise.withResolvers<void>()
  // Whoever awaits it may not be there yet.
  over.promise.catch(() => {})
  let windowUs: readonly [start: number, end: number] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  let intended = 0
  let next = 0
  let hasEnded = false

  const isInWindow = (dueUs: number): boolean => dueUs >= windowUs[0] && dueUs < windowUs[1]

  function settled(arrival: Arrival, end: Settled): void {
    if (edges.isOpen) {
      tally.complete(end.outcome)
      if (end.status > 0) tally.answered(end.node, end.isWrongMode)
    }
    if (isInWindow(arrival.dueUs)) tally.count({ ...end, ...durationsOf(arrival) })
    samples.add(arrival, end)
  }

  function ended(arrival: Arrival, end: Settled): void {
    room.end(arrival.user, arrival.client.isAlone)
    settled(arrival, end)
  }

  /** Sends what is due for whom the seed chose, or for the next one who is free. */
  function begin(seq: number, dueUs: number): void {
    const wanted = schedule.user(seq)
    const free = room.begin(wanted, schedule.client(seq, wanted).isAlone)
    const user = free ?? wanted
    const arrival = createArrival(seq, schedule.client(seq, user), user, dueUs)
    if (free !== undefined) {
      switchboard.submit(arrival)
      return
    }
    arrival.doneUs = monotonicUs()
    settled(arrival, { ...NOTHING_CAME, outcome: 'unsent', reason: 'nobody_free' })
  }

  /** Takes up everything that is due; ends the run when nothing is left. */
  function pump(): void {
    if (hasEnded) return
    let nowUs = monotonicUs()
    while (next < schedule.count) {
      const dueUs = board.dueUs[next] ?? 0
      // The wake-up came a little early, on purpose: what is left is too short to sleep.
      while (nowUs < dueUs && dueUs - nowUs <= WAKE_AHEAD_US) nowUs = monotonicUs()
      if (nowUs < dueUs) break
      if (isInWindow(dueUs)) intended++
      begin(next, dueUs)
      next++
    }
    const isAllTaken = next === schedule.count && nowUs >= (board.dueUs.at(-1) ?? 0)
    if (isAllTaken && edges.areTaken && switchboard.waiting === 0 && switchboard.inFlight === 0)
      over.resolve()
  }

  const board = createTickBoard(schedule.count)
  const timers: NodeJS.Timeout[] = []
  const at = (atUs: number, act: () => void): void => {
    timers.push(setTimeout(act, Math.max(0, Math.ceil((atUs - monotonicUs()) / 1000))))
  }
  const abort = (): void => over.reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  try {
    await switchboard.open(plan.timeoutMs)
    signal.throwIfAborted()

    const startUs = monotonicUs() + START_MS * 1000
    const endUs = startUs + schedule.durationMs * 1000
    windowUs = [startUs + plan.leadMs * 1000, startUs + (plan.leadMs + plan.windowMs) * 1000]
    for (let index = 0; index < schedule.count; index++)
      board.dueUs[index] = startUs + (schedule.dueUs(index) ?? 0)
    board.dueUs[schedule.count] = endUs
    at(windowUs[0], () => edges.take('start'))
    at(windowUs[1], () => edges.take('end'))
    // What still waits for a connection by then is settled as unsent.
    at(endUs + (2 * plan.timeoutMs + SWEEP_MS) * 1000, () => over.resolve())
    timers.push(
      setInterval(() => {
        switchboard.expire()
        pump()
      }, SWEEP_MS),
    )
    using time = thread.keep(board, pump, over.reject)
    await over.promise
    switchboard.close()

    const figures = tally.figures()
    const held = schedule.held()
    return {
      kind: 'open',
      startedUs: windowUs[0],
      endedUs: windowUs[1],
      intended,
      sent: intended - figures.outcomes.unsent,
      ...edges.figures(),
      ...figures,
      ticks: time.health(),
      reconnects: switchboard.reconnects,
      ...(held && { held }),
    }
  } finally {
    hasEnded = true
    signal.removeEventListener('abort', abort)
    for (const timer of timers) clearTimeout(timer)
    switchboard.close()
    samples.flush()
  }
}

function durationsOf(arrival: Arrival): {
  serviceUs: number | undefined
  responseUs: number
  latenessUs: number | undefined
} {
  const wasSent = arrival.sentUs > 0
  return {
    serviceUs: wasSent ? arrival.doneUs - arrival.sentUs : undefined,
    responseUs: arrival.doneUs - arrival.dueUs,
    latenessUs: wasSent ? arrival.sentUs - arrival.dueUs : undefined,
  }
}

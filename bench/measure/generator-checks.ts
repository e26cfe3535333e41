import type { SelfCheck } from '#contract/result.ts'
import type { LoadedWindow } from './checked-window.ts'
import { byArm, sumOutcomes } from './checked-window.ts'

const LEAST_ACHIEVED = 0.99
const MOST_LOOP_SHARE = 0.8
const MOST_LATENESS_OF_SERVICE = 0.2
const MOST_LATENESS_OF_RESPONSE = 0.2
const LATENESS_FLOOR_MS = 2
const MOST_LATE_WINDOWS = 0.25
const CLOCK_TOLERANCE = 0.1
const CLOCK_TOLERANCE_MS = 50

/** Did the load generator do what the plan asked for? Each check fails on what would make its figures lie. */
export function checkGenerator(windows: readonly LoadedWindow[]): SelfCheck[] {
  const checks: SelfCheck[] = [checkSums(windows), checkClock(windows)]
  for (const [arm, own] of byArm(windows.filter((window) => window.load.kind === 'open')))
    checks.push(checkRate(arm, own), checkLoop(arm, own), ...checkLateness(arm, own))
  return checks
}

/** Every request has one outcome, and none appears from nowhere. */
export function checkSums(windows: readonly LoadedWindow[]): SelfCheck {
  const wrong = windows.filter(({ load }) => {
    const ended = sumOutcomes(load.outcomes)
    return load.kind === 'open'
      ? ended !== load.intended || load.sent + load.outcomes.unsent !== load.intended
      : load.inFlight[0] + load.intended !== ended + load.inFlight[1]
  })
  return {
    name: 'sent = sum of outcomes',
    ok: wrong.length === 0 && windows.length > 0,
    detail: `${windows.length - wrong.length} of ${windows.length} windows add up${firstArm(wrong)}`,
    voids: 'run',
  }
}

/** A window lasted as long as it should have, and in an open loop something kept time. */
export function checkClock(windows: readonly LoadedWindow[]): SelfCheck {
  const wrong = windows.filter(({ load, windowMs }) => {
    const lastedMs = (load.edgesUs[1] - load.edgesUs[0]) / 1000
    const isOff = Math.abs(lastedMs - windowMs) > Math.max(CLOCK_TOLERANCE_MS, CLOCK_TOLERANCE * windowMs)
    return isOff || (load.ticks !== null && load.ticks.count === 0)
  })
  return {
    name: 'clock',
    ok: wrong.length === 0 && windows.length > 0,
    detail: `${windows.length - wrong.length} of ${windows.length} windows lasted as long as planned${firstArm(wrong)}`,
    voids: 'run',
  }
}

function checkRate(arm: LoadedWindow['arm'], windows: readonly LoadedWindow[]): SelfCheck {
  const intended = windows.reduce((sum, { load }) => sum + load.intended, 0)
  const sent = windows.reduce((sum, { load }) => sum + load.sent, 0)
  const achieved = intended === 0 ? 0 : sent / intended
  return {
    name: 'achieved rate',
    ok: achieved >= LEAST_ACHIEVED,
    detail: `${percent(achieved)} of ${intended} due requests were sent; at least ${percent(LEAST_ACHIEVED)} must be`,
    arm,
    voids: 'run',
  }
}

function checkLoop(arm: LoadedWindow['arm'], windows: readonly LoadedWindow[]): SelfCheck {
  const shares = windows.map(({ load }) => load.generatorCpu.loopUs / load.generatorCpu.elapsedUs)
  const most = Math.max(0, ...shares)
  return {
    name: 'generator has room',
    ok: most < MOST_LOOP_SHARE,
    detail: `its thread used ${percent(most)} of a core at most; below ${percent(MOST_LOOP_SHARE)} it keeps its pace`,
    arm,
    voids: 'run',
  }
}

function checkLateness(arm: LoadedWindow['arm'], windows: readonly LoadedWindow[]): SelfCheck[] {
  const late = middle(windows.map(({ load }) => load.latenessMs.p50))
  const service = middle(windows.map(({ load }) => load.serviceMs.p50))
  const isEarly = late !== null && service !== null && late <= MOST_LATENESS_OF_SERVICE * service
  const tardy = windows.filter(({ load }) => {
    const limitMs = Math.max(LATENESS_FLOOR_MS, MOST_LATENESS_OF_RESPONSE * (load.tailMs.response ?? 0))
    return load.tailMs.lateness === null || load.tailMs.lateness > limitMs
  })
  return [
    {
      name: 'lateness, median',
      ok: isEarly,
      detail: `requests left ${inMs(late)} after they were due; at most ${percent(MOST_LATENESS_OF_SERVICE)} of the service time of ${inMs(service)}`,
      arm,
      voids: 'latency',
    },
    {
      name: 'lateness, p99',
      ok: tardy.length <= MOST_LATE_WINDOWS * windows.length,
      detail: `too late in ${tardy.length} of ${windows.length} windows; at most a quarter may be`,
      arm,
      voids: 'latency',
    },
  ]
}

function middle(values: readonly (number | null)[]): number | null {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null
}

function firstArm(wrong: readonly LoadedWindow[]): string {
  return wrong[0] ? `; the first that does not: ${wrong[0].arm}, ${wrong[0].load.kind} loop` : ''
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
const inMs = (ms: number | null): string => (ms === null ? 'an unknown time' : `${ms.toFixed(3)} ms`)

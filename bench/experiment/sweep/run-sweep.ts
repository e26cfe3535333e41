import { currentLoad } from '#bench/measure/environment.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import type { ModeName } from '#contract/modes.ts'
import type { RunResult, SelfCheck } from '#contract/result.ts'
import type { SweepStep, SweepVariable } from '#contract/sweep.ts'
import { pairsOf, visitSeconds } from '../costs/bench-settings.ts'
import { checkPower } from '../costs/check-power.ts'
import { measureCosts } from '../costs/measure-costs.ts'
import { describeRedis, finishRun } from '../finish-run.ts'
import type { Lab, LabOptions } from '../lab/lab.ts'
import { openLabSeat } from '../lab/lab-seat.ts'
import { preloadSeconds } from '../lab/preload.ts'
import { createSchedule, type Progress, type Schedule } from '../progress.ts'
import { describeConfiguration } from '../run-experiment.ts'
import { untilInterrupted } from '../until-interrupted.ts'
import { relationsOf } from './relations.ts'
import { endsOf } from './sweep-ends.ts'
import { sweepSentences } from './sweep-sentences.ts'
import { type StepSettings, settingsAt, stepOf } from './sweep-step.ts'

export interface Sweep {
  base: StepSettings
  over: SweepVariable
  /** Ascending where they are numbers. */
  values: readonly (number | string)[]
  seed: number
  /** The command line that runs it again. */
  command: string
}

const UNITS: Readonly<Record<SweepVariable, string>> = {
  connections: '',
  nodes: '',
  payload: 'B',
  sessions: '',
  rate: '/s',
  'jwt-alg': '',
  'redis-rtt': 'ms',
}

/** Starting the stack, and ending it. */
const STACK_S = 5

/** What the steps done so far have left. */
interface Done {
  steps: SweepStep[]
  checks: SelfCheck[]
  leftOut: Set<string>
}

/**
 * Measures the modes at each value on a stack of its own, in paired rounds. Interrupted after the first step, it
 * returns the steps that were done; interrupted before, it throws the signal's reason.
 */
export async function runSweep(sweep: Sweep, progress: Progress, signal: AbortSignal): Promise<RunResult> {
  if (sweep.base.lab.cluster !== undefined)
    throw new StillinError('a sweep starts a stack for each value, which --cluster rules out', {
      exitCode: EXIT.usage,
    })
  const startedAt = new Date()
  const loadBefore = currentLoad()
  const { over, values } = sweep
  const schedule = createSchedule(progress, plannedSeconds(sweep))
  const done: Done = { steps: [], checks: [], leftOut: new Set() }
  let result: RunResult | undefined
  for (const [index, value] of values.entries()) {
    if (signal.aborted && done.steps.length > 0) break
    const named = prefixed(schedule, `${over} ${value} (${index + 1} of ${values.length}): `)
    const step = async () => {
      result = await takeStep(sweep, value, { startedAt, loadBefore, done }, { progress, named, signal })
    }
    // What the first value has left is worth keeping, wherever the second one is cut short.
    await (done.steps.length > 0 ? untilInterrupted(signal, step) : step())
  }
  if (!result) throw new Error('a sweep without values')
  return withEvidence(result, sweep, done, signal.aborted)
}

interface Begun {
  startedAt: Date
  loadBefore: number
  done: Done
}

/** One value on a stack of its own; what it leaves goes to `done`. */
async function takeStep(
  { base, over, seed, command }: Sweep,
  value: number | string,
  { startedAt, loadBefore, done }: Begun,
  { progress, named, signal }: { progress: Progress; named: Schedule; signal: AbortSignal },
): Promise<RunResult> {
  const { lab, costs } = base
  const settings = settingsAt(base, over, value)
  await using seat = await openLabSeat(settings.lab, progress, signal)
  const evidence = await measureCosts(seat, seat.lab.modes, settings.costs, named, signal)
  named.done(STACK_S)
  // A step that was cut short has fewer rounds than the others: it is not on the curve.
  if (!signal.aborted || done.steps.length === 0) {
    done.steps.push(stepOf(over, value, evidence, await describeRedis(seat.lab)))
    done.checks.push(
      ...evidence.checks.map((check) => ({ ...check, detail: `at ${value}: ${check.detail}` })),
    )
    for (const text of seat.lab.leftOut) done.leftOut.add(text)
    for (const text of evidence.leftOut) done.leftOut.add(`at ${value}: ${text}`)
  }
  return await finishRun(seat.lab, {
    kind: 'sweep',
    startedAt,
    loadBefore,
    seed,
    command,
    configuration: {
      ...describeConfiguration({ costs, failures: undefined }, unvaried(seat.lab, lab), undefined),
      ratePerS: over === 'rate' ? null : (costs.ratePerS ?? null),
    },
    checks: done.checks,
    leftOut: [...done.leftOut],
    interrupted: signal.aborted,
  })
}

function withEvidence(
  result: RunResult,
  { base, over }: Sweep,
  { steps }: Done,
  interrupted: boolean,
): RunResult {
  const rising = checkRising(steps)
  const { modes } = base.lab
  const relations = relationsOf(steps, modes)
  const evidence = { over, unit: UNITS[over], steps, relations, ends: endsOf(over, steps, modes) }
  return {
    ...result,
    // What a value says of its comparisons is of those with the bare route.
    checks: [...result.checks, checkPairs(base.costs.rounds, modes), rising],
    valid: result.valid && rising.ok && !interrupted,
    interrupted,
    sweep: evidence,
    sentences: rising.ok ? sweepSentences(evidence) : [],
  }
}

/** Can a value tell any two modes apart? */
function checkPairs(rounds: number, modes: readonly ModeName[]): SelfCheck {
  return { ...checkPower(rounds, pairsOf(modes)), name: 'enough rounds to tell modes apart' }
}

function plannedSeconds({ base: { lab, costs }, over, values }: Sweep): number {
  const arms = lab.modes.length + 1
  const stacks = Math.min(costs.stacks ?? 1, costs.rounds)
  const startS = STACK_S + (arms * costs.warmUpMaxMs) / 1000
  const roundsS = costs.rounds * (arms + 1) * visitSeconds(costs)
  const sessions = over === 'sessions' ? values.map(Number) : values.map(() => costs.sessions)
  return sessions.reduce<number>(
    (sum, live) => sum + roundsS + stacks * (startS + preloadSeconds(lab.modes, live)),
    0,
  )
}

/** The configuration of a sweep is its base: what is varied stands at each step. */
function unvaried(lab: Lab, { nodes, jwtAlgorithm, redisRttMs }: LabOptions): Lab {
  return { ...lab, options: { ...lab.options, nodes, jwtAlgorithm, redisRttMs } }
}

/** Distances are measured: on a machine that is too busy they come out in another order than they were asked for. */
function checkRising(steps: readonly SweepStep[]): SelfCheck {
  const places = steps.map(({ at }) => at).filter((at) => at !== null)
  const ok = places.every((at, index) => index === 0 || at > (places[index - 1] ?? 0))
  const detail =
    places.length === 0 ? 'they are names' : places.map((at) => Number(at.toPrecision(3))).join(', ')
  return { name: 'the steps rise as asked for', ok, detail, voids: 'run' }
}

function prefixed(schedule: Schedule, prefix: string): Schedule {
  return { begin: (text, lateS) => schedule.begin(prefix + text, lateS), done: schedule.done }
}

import { FAULTS } from '#bench/chaos/fault-table.ts'
import { currentLoad } from '#bench/measure/environment.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import { OUTAGE_POLICIES, type OutagePolicy } from '#contract/outage.ts'
import type { FailureRun, RunResult } from '#contract/result.ts'
import { demandUsers } from '../failures/demand-users.ts'
import { DEFAULT_FAILURE_SCHEDULE, type FailureSchedule, scheduleOf } from '../failures/failure-schedule.ts'
import { labFor } from '../failures/fault-needs.ts'
import { failureSeconds } from '../failures/measure-failures.ts'
import { outageSentences } from '../failures/outage-sentences.ts'
import { finishRun } from '../finish-run.ts'
import { type Lab, type LabOptions, openLab } from '../lab/lab.ts'
import { createSchedule, type Progress, type Schedule } from '../progress.ts'
import { describeConfiguration } from '../run-experiment.ts'
import { OUTAGES, type OutageCell, outageCells } from './outage-cells.ts'
import { checkCell, runCell } from './run-cell.ts'

export interface OutagesOptions {
  readonly lab: LabOptions
  readonly seed: number
  readonly ratePerS: number
  readonly short: boolean
  readonly command: string
}

const FAULT_MS = { short: 1_500, full: 2_500 }
const SETTLE_MS = 3_000
/** No cell is begun that would not be done within this. */
const LIMIT_MS = { short: 120_000, full: 360_000 }

interface Outages {
  readonly options: OutagesOptions
  readonly cells: readonly OutageCell[]
  readonly untilMs: number
  readonly steps: Schedule
  readonly runs: FailureRun[]
  readonly leftOut: string[]
}

/**
 * Redis in each state that it can be in, under each policy: who was served, who got in, who could log in and out, and
 * how soon all was right again. A cluster a policy.
 */
export async function runOutages(
  options: OutagesOptions,
  progress: Progress,
  signal: AbortSignal,
): Promise<RunResult> {
  const size = options.short ? 'short' : 'full'
  const cells = outageCells(options.lab.modes, options)
  demand(options, cells)
  const startedAt = new Date()
  const loadBefore = currentLoad()
  const plannedS = cells.reduce((sum, cell) => sum + failureSeconds(scheduleFor(cell, options)), 0)
  const outages: Outages = {
    options,
    cells,
    untilMs: performance.now() + LIMIT_MS[size],
    steps: createSchedule(progress, plannedS),
    runs: [],
    leftOut: [],
  }
  // The default comes last, and the result describes its cluster.
  for (const policy of ['open', 'stale'] as const) {
    if (!cells.some((cell) => cell.policy === policy) || signal.aborted) continue
    await using lab = await openLab(labOf(options, policy), progress, signal)
    await runPolicy(outages, lab, policy, signal)
  }
  await using lab = await openLab(labOf(options, 'closed'), progress, signal)
  await runPolicy(outages, lab, 'closed', signal)
  const { runs, leftOut } = outages
  const asked = { costs: undefined, failures: { fault: OUTAGES[0], schedule: baseOf(options), repeat: 1 } }
  const result = await finishRun(lab, {
    kind: 'chaos',
    startedAt,
    loadBefore,
    seed: options.seed,
    command: options.command,
    configuration: describeConfiguration(asked, lab, undefined),
    failures: runs,
    checks: runs.flatMap(checkCell),
    leftOut: [...lab.leftOut, ...leftOut],
    interrupted: signal.aborted,
  })
  return { ...result, sentences: outageSentences(runs) }
}

/** The cells of one policy, on its cluster; a mode without a choice is counted to the default. */
async function runPolicy(
  { options, cells, untilMs, steps, runs, leftOut }: Outages,
  lab: Lab,
  policy: OutagePolicy,
  signal: AbortSignal,
): Promise<void> {
  for (const cell of cells.filter((one) => (one.policy ?? 'closed') === policy)) {
    const name = `${cell.mode}${cell.policy === null ? '' : ` (${cell.policy})`} × ${cell.fault}`
    const schedule = scheduleFor(cell, options)
    const isLate = performance.now() + failureSeconds(schedule) * 1000 > untilMs
    if (signal.aborted || isLate || !lab.modes.includes(cell.mode)) {
      leftOut.push(
        `${name}: ${signal.aborted ? 'interrupted' : isLate ? 'no time left' : 'it cannot run here'}`,
      )
      continue
    }
    steps.begin(name)
    const outcome = await runCell(lab, cell, options.seed, schedule, signal)
    steps.done(failureSeconds(schedule))
    if (typeof outcome === 'string') leftOut.push(`${name}: ${outcome}`)
    else
      runs.push({ ...outcome, ...(outcome.outage && { outage: { ...outcome.outage, policy: cell.policy } }) })
  }
}

function labOf({ lab }: OutagesOptions, policy: OutagePolicy): LabOptions {
  const told = policy === 'closed' ? {} : { STILLIN_OUTAGE: policy }
  return {
    ...lab,
    ...labFor(OUTAGES),
    outage: policy,
    nodeEnvironment: { ...lab.nodeEnvironment, ...told },
    redisPersistence: 'aof',
  }
}

function baseOf({ ratePerS }: OutagesOptions): FailureSchedule {
  return { ...DEFAULT_FAILURE_SCHEDULE, ratePerS, users: 120, faultAtMs: 2_000, withOutage: true }
}

function scheduleFor({ fault }: OutageCell, options: OutagesOptions): FailureSchedule {
  const forMs = options.short ? FAULT_MS.short : FAULT_MS.full
  return scheduleOf(FAULTS[fault], baseOf(options), { forMs, settleMs: SETTLE_MS })
}

/** @throws StillinError (usage) where no mode of these stands on Redis, or there are too few users. */
function demand(options: OutagesOptions, cells: readonly OutageCell[]): void {
  const { modes, users, store = 'redis' } = options.lab
  demandUsers(users, baseOf(options))
  const refuse = (message: string) => new StillinError(message, { exitCode: EXIT.usage })
  if (store !== 'redis') throw refuse(`--outages: of Redis, and --store ${store} takes its place`)
  if (cells.length > 0) return
  throw refuse(
    `--outages: none of ${modes.join(', ')} stands on Redis; ${OUTAGE_POLICIES.join(', ')} are ways of mode redis`,
  )
}

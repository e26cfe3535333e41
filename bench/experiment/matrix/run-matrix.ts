import { FAULTS } from '#bench/chaos/fault-table.ts'
import { currentLoad } from '#bench/measure/environment.ts'
import type { ModeName } from '#contract/modes.ts'
import type { FailureRun, RunResult, SelfCheck } from '#contract/result.ts'
import { demandUsers } from '../failures/demand-users.ts'
import { DEFAULT_FAILURE_SCHEDULE, type FailureSchedule, scheduleOf } from '../failures/failure-schedule.ts'
import { labFor } from '../failures/fault-needs.ts'
import { failureSeconds } from '../failures/measure-failures.ts'
import { faultOutOfReach } from '../failures/out-of-reach.ts'
import { finishRun } from '../finish-run.ts'
import type { LabOptions } from '../lab/lab.ts'
import { openLabSeat } from '../lab/lab-seat.ts'
import { createSchedule, type Progress } from '../progress.ts'
import { describeConfiguration } from '../run-experiment.ts'
import { announceMatrix } from './announce.ts'
import { type Cell, matrixCells } from './cells.ts'
import { type Skipped, skippedWords, withoutMeaning } from './left-out.ts'
import type { PartialFile } from './partial-file.ts'
import { checkCell, INTERRUPTED, runCell } from './run-cell.ts'

export interface MatrixOptions {
  lab: LabOptions
  seed: number
  ratePerS: number
  short: boolean
  /** No cell is begun that would not be done within this, ms; undefined: all are. */
  withinMs: number | undefined
  command: string
}

/** What a matrix leaves. */
export interface DoneMatrix {
  result: RunResult
  /** Every cell that can be run here was; the cells kept are of use until the result is written. */
  isComplete: boolean
}

const NO_TIME = 'no time left'
const SHORT_FAULT_MS = 1_500
const SHORT_SETTLE_MS = 3_000

/**
 * Every fault in every mode that it has a meaning for, one after the other on one cluster that is made whole in between,
 * and started anew after a cell that could not be run. A cell that was not steady counts for nothing and voids no other.
 */
export async function runMatrix(
  options: MatrixOptions,
  kept: PartialFile,
  progress: Progress,
  signal: AbortSignal,
): Promise<DoneMatrix> {
  const base = baseSchedule(options)
  if (options.lab.cluster === undefined) demandUsers(options.lab.users, base)
  const startedAt = new Date()
  const startedMs = performance.now()
  const loadBefore = currentLoad()
  const asked = matrixCells(options.lab.modes, options)
  // Who did not start a cluster takes it as it is: what it lacks is left out.
  const needs = options.lab.cluster === undefined ? labFor(asked.map(({ fault }) => fault)) : {}
  await using seat = await openLabSeat({ ...options.lab, ...needs }, progress, signal)
  const { modes, users } = seat.lab
  demandUsers(users, base)
  const cells = asked.filter(({ mode }) => modes.includes(mode))
  const away = cells.flatMap((cell) => {
    const reason = faultOutOfReach(seat.lab.cluster, cell.fault)
    return reason === undefined ? [] : [{ ...cell, reason }]
  })
  const isAway = ({ fault }: Cell) => away.some((cell) => cell.fault === fault)
  const isDone = (cell: Cell) => kept.done.some((run) => run.mode === cell.mode && run.fault === cell.fault)
  const plan = cells
    .filter((cell) => !isAway(cell) && !isDone(cell))
    .map((cell) => ({ cell, schedule: cellSchedule(cell, base, options.short) }))
  const plannedS = plan.reduce((sum, { schedule }) => sum + failureSeconds(schedule), 0)
  progress.note(announceMatrix(cells.length - away.length, kept.done.length, plannedS, options.withinMs))
  const steps = createSchedule(progress, plannedS)
  const runs: FailureRun[] = [...kept.done]
  const skipped: Skipped[] = []
  for (const { cell, schedule } of plan) {
    const leftMs = (options.withinMs ?? Number.POSITIVE_INFINITY) - (performance.now() - startedMs)
    if (signal.aborted || leftMs < failureSeconds(schedule) * 1000) {
      skipped.push({ ...cell, reason: signal.aborted ? INTERRUPTED : NO_TIME })
      continue
    }
    steps.begin(`${cell.fault}: ${cell.mode} (${runs.length + 1} of ${cells.length - away.length})`)
    const outcome = await runCell(seat.lab, cell, options.seed, schedule, signal)
    steps.done(failureSeconds(schedule))
    if (typeof outcome !== 'string') {
      runs.push(outcome)
      kept.add(outcome)
      continue
    }
    skipped.push({ ...cell, reason: outcome })
    // Whatever it died of may still be there.
    if (outcome !== INTERRUPTED && options.lab.cluster === undefined) await seat.restart()
  }
  const { command, seed } = options
  const failures = { fault: 'kill-node', schedule: base, repeat: 1 } as const
  const result = await finishRun(seat.lab, {
    kind: 'chaos',
    startedAt,
    loadBefore,
    seed,
    command,
    configuration: describeConfiguration({ costs: undefined, failures }, seat.lab, undefined),
    failures: runs,
    checks: [...runs.flatMap(checkCell), everyCellRan(skipped)],
    leftOut: [
      ...seat.lab.leftOut,
      ...withoutMeaning(modes),
      ...(options.short ? [leftByShort(modes, cells.length)] : []),
      ...skippedWords([...away, ...skipped], cells),
    ],
    interrupted: signal.aborted,
  })
  const takenUp = kept.done.length
  const before = `${takenUp} of the ${runs.length} cells here are from the run that this one took up.`
  const sentences = [...result.sentences, ...(takenUp === 0 ? [] : [before])]
  const matrix = { cells: cells.length, run: runs.length, takenUp }
  return { result: { ...result, sentences, matrix }, isComplete: skipped.length === 0 }
}

function leftByShort(modes: readonly ModeName[], cells: number): string {
  const all = matrixCells(modes, { short: false }).length
  return `${all - cells} of ${all} cells with a meaning: not in --short`
}

/** What was asked for by a limit or by hand is no failure; that a cell could not be run is one. */
function everyCellRan(skipped: readonly Skipped[]): SelfCheck {
  const broken = skipped.filter(({ reason }) => reason !== INTERRUPTED && reason !== NO_TIME)
  return {
    name: 'every cell that was begun could be run',
    ok: broken.length === 0,
    detail: `${broken.length} could not${broken.length === 0 ? '' : ': they are named among what was left out'}`,
    voids: 'nothing',
  }
}

function baseSchedule({ ratePerS, short }: MatrixOptions): FailureSchedule {
  const base = { ...DEFAULT_FAILURE_SCHEDULE, ratePerS }
  return short ? { ...base, users: 120, faultAtMs: 1_500 } : { ...base, faultAtMs: 2_500 }
}

function cellSchedule({ fault }: Cell, base: FailureSchedule, short: boolean): FailureSchedule {
  if (!short) return scheduleOf(FAULTS[fault], base)
  return scheduleOf(FAULTS[fault], base, { forMs: SHORT_FAULT_MS, settleMs: SHORT_SETTLE_MS })
}

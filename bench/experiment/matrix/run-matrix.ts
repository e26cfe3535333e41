import { FAULTS } from '#bench/chaos/fault-table.ts'
import { currentLoad } from '#bench/measure/environment.ts'
import type { FailureRun, RunResult } from '#contract/result.ts'
import { demandUsers } from '../failures/demand-users.ts'
import { DEFAULT_FAILURE_SCHEDULE, type FailureSchedule, scheduleOf } from '../failures/failure-schedule.ts'
import { labFor } from '../failures/fault-needs.ts'
import { failureSeconds } from '../failures/measure-failures.ts'
import { finishRun } from '../finish-run.ts'
import { type LabOptions, openLab } from '../lab/lab.ts'
import { createSchedule, type Progress } from '../progress.ts'
import { describeConfiguration } from '../run-experiment.ts'
import { type Cell, matrixCells } from './cells.ts'
import type { PartialFile } from './partial-file.ts'
import { checkCell, runCell } from './run-cell.ts'

export interface MatrixOptions {
  lab: LabOptions
  seed: number
  ratePerS: number
  short: boolean
  /** No cell is begun that would not be done within this, ms; undefined: all are. */
  withinMs: number | undefined
  command: string
}

const SHORT_FAULT_MS = 1_500
const SHORT_SETTLE_MS = 3_000

/**
 * Every fault in every mode that it has a meaning for, one after the other on one cluster that is made whole in between.
 * A cell that was not steady counts for nothing and voids no other.
 */
export async function runMatrix(
  options: MatrixOptions,
  kept: PartialFile,
  progress: Progress,
  signal: AbortSignal,
): Promise<RunResult> {
  const base = baseSchedule(options)
  demandUsers(options.lab.users, base)
  const startedAt = new Date()
  const startedMs = performance.now()
  const loadBefore = currentLoad()
  const wanted = matrixCells(options.lab.modes, options)
  const needs = labFor(wanted.map(({ fault }) => fault))
  await using lab = await openLab({ ...options.lab, ...needs }, progress, signal)
  const cells = wanted.filter(({ mode }) => lab.modes.includes(mode))
  const isDone = (cell: Cell) => kept.done.some((run) => run.mode === cell.mode && run.fault === cell.fault)
  const left = cells.filter((cell) => !isDone(cell))
  const plan = left.map((cell) => ({ cell, schedule: cellSchedule(cell, base, options.short) }))
  const plannedS = plan.reduce((sum, { schedule }) => sum + failureSeconds(schedule), 0)
  const steps = createSchedule(progress, plannedS)
  const runs: FailureRun[] = [...kept.done]
  const leftOut: string[] = []
  for (const { cell, schedule } of plan) {
    const leftMs = (options.withinMs ?? Number.POSITIVE_INFINITY) - (performance.now() - startedMs)
    if (signal.aborted || leftMs < failureSeconds(schedule) * 1000) {
      leftOut.push(`${cell.mode} × ${cell.fault}: ${signal.aborted ? 'interrupted' : 'no time left'}`)
      continue
    }
    steps.begin(`${cell.fault}: ${cell.mode} (${runs.length + 1} of ${cells.length})`)
    const outcome = await runCell(lab, cell, options.seed, schedule, signal)
    steps.done(failureSeconds(schedule))
    if (typeof outcome === 'string') leftOut.push(`${cell.mode} × ${cell.fault}: ${outcome}`)
    else {
      runs.push(outcome)
      kept.add(outcome)
    }
  }
  if (leftOut.length === 0) kept.remove()
  const { command, seed } = options
  const asked = { costs: undefined, failures: { fault: 'kill-node', schedule: base, repeat: 1 } } as const
  return await finishRun(lab, {
    kind: 'chaos',
    startedAt,
    loadBefore,
    seed,
    command,
    configuration: describeConfiguration(asked, lab, undefined),
    failures: runs,
    checks: runs.flatMap(checkCell),
    leftOut: [...lab.leftOut, ...leftOut],
    interrupted: signal.aborted,
  })
}

function baseSchedule({ ratePerS, short }: MatrixOptions): FailureSchedule {
  const base = { ...DEFAULT_FAILURE_SCHEDULE, ratePerS }
  return short ? { ...base, users: 120, faultAtMs: 1_500 } : { ...base, faultAtMs: 2_500 }
}

function cellSchedule({ fault }: Cell, base: FailureSchedule, short: boolean): FailureSchedule {
  if (!short) return scheduleOf(FAULTS[fault], base)
  return scheduleOf(FAULTS[fault], base, { forMs: SHORT_FAULT_MS, settleMs: SHORT_SETTLE_MS })
}

import { FAULTS } from '#bench/chaos/fault-table.ts'
import { MODES } from '#contract/modes.ts'
import type { FailureRun, SelfCheck } from '#contract/result.ts'
import { runFailure } from '../failures/failure-run.ts'
import type { FailureSchedule } from '../failures/failure-schedule.ts'
import { checkFailures } from '../failures/measure-failures.ts'
import type { Lab } from '../lab/lab.ts'
import type { Cell } from './cells.ts'

/** Why there is none when Ctrl-C came. */
export const INTERRUPTED = 'interrupted'
/** One cell that takes longer than this is given up. */
const CELL_LIMIT_MS = 60_000

/** The run, or in words why there is none. */
export async function runCell(
  lab: Lab,
  { mode, fault }: Cell,
  seed: number,
  schedule: FailureSchedule,
  signal: AbortSignal,
): Promise<FailureRun | string> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(CELL_LIMIT_MS)])
  try {
    return (await runFailure(lab, MODES[mode], FAULTS[fault], seed, schedule, limit)).run
  } catch (error) {
    if (signal.aborted) return INTERRUPTED
    if (limit.aborted) return `given up after ${CELL_LIMIT_MS / 1000} s`
    return `could not be run: ${error instanceof Error ? error.message : String(error)}`
  }
}

/** A cell that fails a check is void by itself; somebody taken for somebody else voids everything. */
export function checkCell(run: FailureRun): SelfCheck[] {
  const policy = run.outage?.policy ? ` (${run.outage.policy})` : ''
  return checkFailures([run]).map((check) => ({
    ...check,
    name: `${run.fault}${policy}: ${check.name}`,
    voids: run.outcomes.wrong_user > 0 ? 'run' : 'nothing',
  }))
}

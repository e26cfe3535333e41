import { FAULTS } from '#bench/chaos/fault-table.ts'
import { type FaultName, MODES, type ModeName } from '#contract/modes.ts'
import type { FailureRun, SelfCheck } from '#contract/result.ts'
import { type FailureSchedule, runFailure } from './failure-run.ts'
import type { Lab } from './lab.ts'
import type { Schedule } from './progress.ts'
import { untilInterrupted } from './until-interrupted.ts'

/** Seeding, two surveys and waiting for the cluster to be whole, beside the run itself. */
const OVERHEAD_S = 2.5

/** Planned seconds of one failure run. */
export function failureSeconds(schedule: FailureSchedule): number {
  return schedule.durationMs / 1000 + OVERHEAD_S
}

/** The same fault in one mode after the other, on one cluster that is made whole in between. */
export async function measureFailures(
  lab: Lab,
  modes: readonly ModeName[],
  faultName: FaultName,
  settings: { seed: number; failure: FailureSchedule; repeat: number },
  schedule: Schedule,
  signal: AbortSignal,
): Promise<FailureRun[]> {
  const runs: FailureRun[] = []
  await untilInterrupted(signal, async () => {
    for (let repetition = 0; repetition < settings.repeat; repetition += 1) {
      for (const mode of modes) {
        signal.throwIfAborted()
        schedule.begin(`${faultName}: ${mode}`)
        const seed = settings.seed + repetition
        runs.push(await runFailure(lab, MODES[mode], FAULTS[faultName], seed, settings.failure, signal))
        schedule.done(failureSeconds(settings.failure))
      }
    }
  })
  return runs
}

/** What must hold of a failure run for its figures to count. */
export function checkFailures(runs: readonly FailureRun[]): SelfCheck[] {
  return runs.flatMap((run): SelfCheck[] => [
    {
      name: 'steady before the fault and at the end',
      arm: run.mode,
      ok: run.steady.before && run.steady.after,
      detail: run.steady.reason ?? `${run.mode}: under 1 % of the requests failed in both stretches`,
      voids: 'run',
    },
    {
      name: 'survival judged',
      arm: run.mode,
      ok: run.survival.verdict !== 'unknown',
      detail: run.survival.detail,
      voids: 'run',
    },
    {
      name: 'everybody named as themselves under failure',
      arm: run.mode,
      ok: run.outcomes.wrong_user === 0,
      detail: `${run.outcomes.wrong_user} answers named somebody else`,
      voids: 'run',
    },
  ])
}

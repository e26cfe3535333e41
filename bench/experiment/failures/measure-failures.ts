import type { Fault } from '#bench/chaos/fault.ts'
import type { HistoryLine } from '#contract/history.ts'
import { MODES, type ModeName } from '#contract/modes.ts'
import type { FailureRun, SelfCheck } from '#contract/result.ts'
import type { Lab } from '../lab/lab.ts'
import type { Schedule } from '../progress.ts'
import { untilInterrupted } from '../until-interrupted.ts'
import { runFailure } from './failure-run.ts'
import type { FailureSchedule } from './failure-schedule.ts'

/** Seeding, two surveys and waiting for the cluster to be whole, beside the run itself. */
const OVERHEAD_S = 2.5

/** Planned seconds of one failure run. */
export function failureSeconds(schedule: FailureSchedule): number {
  return schedule.durationMs / 1000 + OVERHEAD_S
}

/** What failure runs leave: their results, and every request as a line of history. */
export interface FailureEvidence {
  runs: readonly FailureRun[]
  history: readonly HistoryLine[]
}

/** The same fault in one mode after the other, on one cluster that is made whole in between. */
export async function measureFailures(
  lab: Lab,
  modes: readonly ModeName[],
  fault: Fault,
  settings: { seed: number; failure: FailureSchedule; repeat: number },
  schedule: Schedule,
  signal: AbortSignal,
): Promise<FailureEvidence> {
  const runs: FailureRun[] = []
  const history: HistoryLine[] = []
  await untilInterrupted(signal, async () => {
    for (let repetition = 0; repetition < settings.repeat; repetition += 1) {
      for (const mode of modes) {
        signal.throwIfAborted()
        schedule.begin(`${fault.name}: ${mode}`)
        const seed = settings.seed + repetition
        const done = await runFailure(lab, MODES[mode], fault, seed, settings.failure, signal)
        runs.push(done.run)
        for (const line of done.history) history.push(line)
        schedule.done(failureSeconds(settings.failure))
      }
    }
  })
  return { runs, history }
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

import type { ModeName } from '#contract/modes.ts'
import type { FailureRun, MetricName, RunResult } from '#contract/result.ts'
import { formatCount } from '../numbers.ts'
import type { Footnotes } from './footnotes.ts'
import { findMetric, formatMetric, isNever, metricCell } from './metric-cell.ts'
import type { Cell } from './report-table.ts'
import { hasSeveralFaults } from './several-faults.ts'

/** The failure runs of one mode, in the order they ran. */
export interface ModeFailures {
  readonly mode: ModeName
  readonly runs: readonly FailureRun[]
}

/** Failure runs by mode, in the order the modes ran; none where they are of several faults. */
export function failuresByMode(result: RunResult): readonly ModeFailures[] {
  if (hasSeveralFaults(result)) return []
  const modes = [...new Set(result.failures.map((run) => run.mode))]
  return modes.map((mode) => ({ mode, runs: result.failures.filter((run) => run.mode === mode) }))
}

/**
 * A figure of a mode's failure runs: the run's own where there was one, else the lowest and the highest.
 * A median is the experiment's to compute, so none is shown here.
 */
export function failureCell(failures: ModeFailures, name: MetricName, footnotes: Footnotes): Cell {
  const found = failures.runs.flatMap((run) => findMetric(run.metrics, name, 'failure') ?? [])
  const valid = found.filter((metric) => metric.valid && metric.value !== null)
  const lowest = valid.toSorted((a, b) => Number(a.value) - Number(b.value))[0]
  const highest = valid.toSorted((a, b) => Number(b.value) - Number(a.value))[0]
  if (lowest === undefined || highest === undefined) return metricCell(found[0], footnotes)
  const missing = found.length - valid.length
  const reason = found.find((metric) => !valid.includes(metric))?.reason ?? 'no reason given'
  const notes =
    missing === 0
      ? []
      : [
          footnotes.add(
            `${formatCount(missing)} of ${formatCount(found.length)} runs without this figure: ${reason}`,
          ),
        ]
  const low = formatMetric(lowest)
  // A time to something that did not happen in one of the runs has no longest.
  const high = found.some(isNever) ? 'never' : formatMetric(highest)
  return { text: low === high ? low : `${low}–${high}`, notes }
}

/** `33.7 (101/300)`: logins lost in % and in people; marked where the mode promised otherwise. */
export function loginsLostCell(failures: ModeFailures, footnotes: Footnotes): Cell {
  const share = failureCell(failures, 'loginsLostShare', footnotes)
  const [run] = failures.runs
  const people =
    failures.runs.length === 1 && run !== undefined
      ? `${formatCount(run.survival.lost)}/${formatCount(run.survival.users)}`
      : `${failures.runs.length} runs`
  const broken = failures.runs.find((each) => each.survival.verdict === 'invalid')
  const notes = [...(share.notes ?? [])]
  if (broken !== undefined)
    notes.push(
      footnotes.add(
        `${failures.mode} broke its promise (${broken.survival.allowed}): ${broken.survival.detail}`,
      ),
    )
  return { ...share, text: `${share.text} (${people})`, notes, tone: broken === undefined ? 'plain' : 'bad' }
}

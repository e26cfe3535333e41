import { formatRevocation, MODES } from '#contract/modes.ts'
import type { FailureRun, RunResult } from '#contract/result.ts'
import { armTitle } from '../arm-title.ts'
import { formatCount, formatFigure, formatTime } from '../numbers.ts'
import { buildTable, type ReportTable } from './report-table.ts'
import { revocationWords, seenWords } from './revocation-words.ts'
import { hasSeveralFaults } from './several-faults.ts'

/** When a logout takes hold: declared, and timed in this run. A row a failure run. */
export function revocationTable(result: RunResult): ReportTable {
  const several = hasSeveralFaults(result)
  const faultCell = (run: FailureRun) => ({ text: run.fault, absent: !several })
  return buildTable<FailureRun>({
    title: 'When a logout takes hold',
    items: result.failures,
    groups: [
      {
        head: '',
        columns: [
          { head: 'mode', unit: '', align: 'left', cell: (run) => ({ text: armTitle(result, run.mode) }) },
          { head: 'fault', unit: '', align: 'left', cell: faultCell },
        ],
      },
      {
        head: 'declared',
        columns: [
          {
            head: 'usually',
            unit: '',
            align: 'left',
            cell: (run) => ({ text: revocationWords(formatRevocation(MODES[run.mode])) }),
          },
          {
            head: 'in this run',
            unit: '',
            align: 'left',
            cell: (run) => ({ text: revocationWords(run.revocation.declared) }),
          },
        ],
      },
      {
        head: 'seen',
        columns: [
          {
            head: 'logouts',
            unit: '',
            align: 'right',
            cell: (run) => ({ text: formatCount(run.revocation.probes) }),
          },
          {
            head: 'credential',
            unit: 'lifetime, s',
            align: 'right',
            cell: (run) => ({ text: formatFigure(run.revocation.credentialLifetimeS) }),
          },
          {
            head: 'worst',
            unit: '',
            align: 'left',
            wraps: true,
            cell: (run) => ({ text: seenWords(run.revocation) }),
          },
        ],
      },
    ],
    caption: [
      `A logout is acknowledged, then the old credential is put to the nodes again and again; the time is from the acknowledgement to the last accept.${unseen(result.failures)}`,
    ],
  })
}

/** What the questions can have missed; empty where no run says how far apart they were. */
function unseen(runs: readonly FailureRun[]): string {
  const gapMs = Math.max(0, ...runs.map(({ revocation }) => revocation.gapMs ?? 0))
  return gapMs === 0
    ? ''
    : ` Questions to a node were ${formatTime(gapMs)} apart at most until it had refused three times in a row, then 0.2 s: an accept in between may not have been seen.`
}

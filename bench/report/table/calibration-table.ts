import type { CalibrationEvidence, PlantedEffect } from '#contract/calibration.ts'
import { formatEstimate, formatPercent, NO_FIGURE } from '../numbers.ts'
import { METRIC_WORDS } from './metric-words.ts'
import { buildTable, type ColumnOf, type ReportTable } from './report-table.ts'

const POINTS = { saturated: 'saturated', 'equal-rate': 'equal rate', failure: 'under failure' } as const

/** What was planted, what was seen, and how often a comparison would have said so. */
export function calibrationTable(calibration: CalibrationEvidence): ReportTable {
  const { effects, mode, rounds, comparisons, blockRounds, requestCpuUs } = calibration
  const sizes = [...new Set(effects.flatMap(({ detections }) => detections.map((one) => one.rounds)))]
  return buildTable<PlantedEffect>({
    title: 'What this machine tells apart now',
    items: effects,
    groups: [
      {
        head: '',
        columns: [
          { head: 'planted', unit: '', align: 'left', cell: ({ name }) => ({ text: name }) },
          {
            head: 'figure',
            unit: '',
            align: 'left',
            cell: ({ metric, point }) => ({ text: `${METRIC_WORDS[metric]}, ${POINTS[point]}` }),
          },
          {
            head: 'ratio',
            unit: 'planted',
            align: 'right',
            cell: ({ planted }) => ({ text: planted === null ? NO_FIGURE : planted.toFixed(2) }),
          },
          {
            head: 'ratio',
            unit: 'measured, 95 %',
            align: 'right',
            cell: ({ ratio, interval }) => ({ text: formatEstimate(ratio, interval) }),
          },
        ],
      },
      { head: 'called different, % of draws', columns: sizes.map(drawn) },
      {
        head: 'apart',
        columns: [
          {
            head: `runs of ${blockRounds}`,
            unit: 'found',
            align: 'right',
            cell: ({ separate: { runs, found } }) => ({ text: `${found} of ${runs}` }),
          },
        ],
      },
    ],
    caption: [
      `Mode ${mode}, one node, ${rounds} rounds; shares are of ${requestCpuUs.toFixed(1)} µs of node CPU, measured before the first round; the planted ratio is over what a request cost in these rounds. Verdicts as in every comparison: exact signed-rank p, corrected for ${comparisons} comparisons, beyond 5 % and beyond what two equal visits differ.`,
      'Draws are taken from the rounds measured, without replacement, and overlap: they say what so many rounds would have found in these minutes. Runs apart share no round.',
      'none: two equal arms; whatever is called different there is a false alarm.',
    ],
  })
}

function drawn(rounds: number): ColumnOf<PlantedEffect> {
  return {
    head: String(rounds),
    unit: 'rounds',
    align: 'right',
    cell: ({ detections }) => {
      const found = detections.find((one) => one.rounds === rounds)
      return { text: formatPercent(found?.share ?? null), absent: found === undefined }
    },
  }
}

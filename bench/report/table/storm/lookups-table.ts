import { isAvailable, OUTCOMES, type Outcome } from '#contract/outcomes.ts'
import type { RunResult, StormCourse, StormLookups } from '#contract/result.ts'
import { formatCount, formatFigure, formatPercent } from '../../numbers.ts'
import { OUTCOME_WORDS } from '../../outcome-words.ts'
import { buildTable, type ColumnGroup, type ColumnOf, type ReportTable } from '../report-table.ts'

interface Row {
  mode: string
  lookups: StormCourse['lookups']
}

/** How people fared who were in all the time. */
export function lookupsTable(result: RunResult): ReportTable {
  const items = (result.storms ?? []).flatMap(({ mode, course }) =>
    course ? [{ mode, lookups: course.lookups }] : [],
  )
  const rates = [...new Set(items.map(({ lookups }) => `${lookups.ratePerS} a second by ${lookups.users}`))]
  const stretch = (head: string, of: (row: Row) => StormLookups): ColumnGroup<ColumnOf<Row>> => ({
    head,
    columns: [
      { head: 'p50', unit: 'ms', align: 'right', cell: (row) => ({ text: formatFigure(of(row).p50Ms) }) },
      { head: 'p99', unit: 'ms', align: 'right', cell: (row) => ({ text: formatFigure(of(row).p99Ms) }) },
      { head: 'asked', unit: '', align: 'right', cell: (row) => ({ text: formatCount(of(row).intended) }) },
      {
        head: 'refused',
        unit: 'expected',
        align: 'right',
        cell: (row) => {
          const refused = of(row).outcomes.refused_as_expected
          return { text: formatCount(refused), absent: refused === 0 }
        },
      },
      {
        head: 'failed',
        unit: '%',
        align: 'right',
        cell: (row) => ({ text: formatPercent(failedShare(of(row))) }),
      },
    ],
  })
  return buildTable<Row>({
    title: 'Lookups of those who were in',
    items,
    groups: [
      {
        head: '',
        columns: [{ head: 'mode', unit: '', align: 'left', cell: ({ mode }) => ({ text: mode }) }],
      },
      stretch('before the storm', ({ lookups }) => lookups.before),
      stretch('during the storm', ({ lookups }) => lookups.during),
      { head: 'failed during the storm', columns: FAILURES.map(failedBy) },
    ],
    caption: [
      `${rates.join(', ')} people who had logged in after the loss, in an open loop: from the moment when each was due, over those accepted; a p99 wants 1,000 of them.`,
    ],
  })
}

const FAILURES = OUTCOMES.filter((outcome) => !isAvailable(outcome))

function failedBy(outcome: Outcome): ColumnOf<Row> {
  const { head, unit } = OUTCOME_WORDS[outcome]
  return {
    head,
    unit,
    align: 'right',
    cell: ({ lookups }) => {
      const count = lookups.during.outcomes[outcome]
      return { text: formatCount(count), absent: count === 0 }
    },
  }
}

function failedShare({ intended, outcomes }: StormLookups): number | null {
  if (intended === 0) return null
  return (intended - outcomes.ok - outcomes.refused_as_expected) / intended
}

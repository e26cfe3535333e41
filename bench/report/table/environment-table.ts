import type { RunResult } from '#contract/result.ts'
import { NO_FIGURE } from '../numbers.ts'
import { conditionsOf, environmentOf } from '../story/conditions.ts'
import { buildTable, type ReportTable } from './report-table.ts'

/** Where and how each of several runs was taken: a row a condition, a column a run; what differs is marked. */
export function environmentTable(results: readonly RunResult[]): ReportTable {
  const runs = results.map(
    (result) =>
      new Map([...conditionsOf(result), ...environmentOf(result)].map(({ name, value }) => [name, value])),
  )
  const names = [...new Set(runs.flatMap((run) => [...run.keys()]))].filter((name) => name !== 'Run')
  const differs = (name: string) => new Set(runs.map((run) => run.get(name))).size > 1
  return buildTable<string>({
    title: 'The conditions of each run',
    items: names,
    groups: [
      {
        head: '',
        columns: [
          { head: 'condition', unit: '', align: 'left', cell: (name) => ({ text: name }) },
          {
            head: 'alike',
            unit: '',
            align: 'left',
            cell: (name) => (differs(name) ? { text: 'NO', tone: 'bad' } : { text: 'yes', tone: 'dim' }),
          },
          ...runs.map(
            (run, at) =>
              ({
                head: results[at]?.id ?? '',
                unit: '',
                align: 'left',
                wraps: true,
                cell: (name: string) => ({ text: run.get(name) ?? NO_FIGURE }),
              }) as const,
          ),
        ],
      },
    ],
  })
}

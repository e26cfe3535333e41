import type { RunResult, StormRun } from '#contract/result.ts'
import { formatCount, formatFigure, NO_FIGURE } from '../../numbers.ts'
import { buildTable, type Cell, type ColumnOf, type ReportTable } from '../report-table.ts'

const figure = (value: number | null | undefined): Cell => ({ text: formatFigure(value ?? null) })

/** What a storm took of the machine, and who turned people away how often. */
export function costTableOfStorms(result: RunResult): ReportTable {
  const column = (head: string, unit: string, cell: (storm: StormRun) => Cell): ColumnOf<StormRun> => ({
    head,
    unit,
    align: 'right',
    cell,
  })
  const storms = result.storms ?? []
  const kinds = [...new Set(storms.flatMap(({ course }) => Object.keys(course?.failedTries ?? {})))].sort()
  return buildTable<StormRun>({
    title: 'What it took',
    items: storms,
    groups: [
      {
        head: '',
        columns: [{ head: 'mode', unit: '', align: 'left', cell: ({ mode }) => ({ text: mode }) }],
      },
      {
        head: 'CPU a login',
        columns: [
          column('password', 'ms', ({ course }) => figure(course?.hashCpuMsEach)),
          column('nodes', 'ms in all', ({ nodeCpuMsEach }) => figure(nodeCpuMsEach)),
        ],
      },
      {
        head: 'cores used by',
        columns: [
          column('nodes', '', ({ nodeCoresUsed }) => figure(nodeCoresUsed)),
          column('proxy', '', ({ course }) => figure(course?.proxyCoresUsed)),
          column('users', '', ({ course }) => figure(course?.usersCoresUsed)),
        ],
      },
      {
        head: 'tries',
        columns: [
          column('all', '', ({ loginsTried }) => ({ text: formatCount(loginsTried) })),
          column('failed', '', ({ loginsFailed }) => ({ text: formatCount(loginsFailed) })),
        ],
      },
      {
        head: 'failed by',
        columns: kinds.map((kind) => {
          const [status = '', word = ''] = kind.split(' ', 2)
          return column(word === '' ? status : word, word === '' ? '' : status, ({ course }) => ({
            text: course ? formatCount(course.failedTries[kind] ?? 0) : NO_FIGURE,
          }))
        }),
      },
    ],
    caption: [
      'Password: CPU of the nodes beside their event loops, over the logins made: hashes, those of tries whose client had given up included. Nodes: all their CPU, turning people away included, less what the lookups of those who were in had cost before.',
    ],
  })
}

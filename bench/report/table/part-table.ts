import type { ClusterState, PartCondition, PartState } from '#contract/control.ts'
import { NO_FIGURE } from '../numbers.ts'
import { buildTable, type ReportTable, type Tone } from './report-table.ts'

const TONES: Readonly<Record<PartCondition, Tone>> = {
  starting: 'dim',
  ready: 'good',
  paused: 'bad',
  draining: 'dim',
  stopped: 'bad',
}

/** A running cluster: its mode as the title, and a row a part. */
export function partTable({ mode, generation, parts }: ClusterState): ReportTable {
  return buildTable<PartState>({
    title: `mode ${mode}, generation ${generation}`,
    items: parts,
    groups: [
      {
        head: '',
        columns: [
          { head: 'part', unit: '', align: 'left', cell: ({ id }) => ({ text: id }) },
          {
            head: 'condition',
            unit: '',
            align: 'left',
            cell: ({ condition }) => ({ text: condition, tone: TONES[condition] }),
          },
          { head: 'pid', unit: '', align: 'right', cell: ({ pid }) => ({ text: String(pid ?? NO_FIGURE) }) },
          {
            head: 'address',
            unit: '',
            align: 'left',
            wraps: true,
            cell: ({ url }) => ({ text: withoutSecret(url) }),
          },
        ],
      },
    ],
  })
}

function withoutSecret(address: string | undefined): string {
  const url = URL.parse(address ?? '')
  if (url === null) return NO_FIGURE
  if (url.password !== '') url.password = '***'
  return url.href.replace(/\/$/, '')
}

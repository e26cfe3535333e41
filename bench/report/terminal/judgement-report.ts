import type { HistoryLine } from '#contract/history.ts'
import type { CheckResult, Judgement } from '#contract/judgement.ts'
import { buildTable } from '../table/report-table.ts'
import { createSheet, stack, type TerminalOptions } from './frame.ts'
import type { Paint } from './paint.ts'
import { printTable } from './text-table.ts'

const TONES = { valid: 'good', invalid: 'bad', unknown: 'dim' } as const

/** What every checker says of one mode's operations; a broken promise with the operations that show it, in order. */
export function renderJudgement(judgement: Judgement, options: TerminalOptions): string {
  const { paint, width } = createSheet(options)
  const { mode, plant, seed, operations, results } = judgement
  const table = buildTable<CheckResult>({
    title: `${mode}: ${operations} operations${seed === undefined ? '' : `, seed ${seed}`}${plant === undefined ? '' : `, PLANTED BUG ${plant}`}`,
    items: results,
    groups: [
      {
        head: '',
        columns: [
          {
            head: 'verdict',
            unit: '',
            align: 'left',
            cell: ({ verdict }) => ({
              text: verdict === 'invalid' ? 'INVALID' : verdict,
              tone: TONES[verdict],
            }),
          },
          { head: 'checker', unit: '', align: 'left', cell: ({ checker }) => ({ text: checker }) },
          { head: 'broken', unit: '', align: 'right', cell: ({ broken }) => ({ text: String(broken) }) },
          {
            head: 'looked at',
            unit: '',
            align: 'left',
            wraps: true,
            cell: ({ detail }) => ({ text: detail }),
          },
        ],
      },
    ],
    caption: [
      'Invalid: no order of events within these times explains the answers. Unknown: nothing could have broken the promise, or the mode makes none.',
    ],
  })
  const broken = results.filter(({ verdict }) => verdict === 'invalid')
  return stack([printTable(table, width, paint), ...broken.map((result) => renderBreak(result, paint))])
}

/** The operations of the first break, a line each: when, who, what, where, with what answer. */
function renderBreak({ checker, promise, broken, evidence }: CheckResult, paint: Paint): string {
  const head = `${checker}, broken ${broken === 1 ? 'once' : `${broken} times`}; the first:`
  return [paint.bad(head), `  ${promise}`, ...evidence.map((line) => `  ${renderOperation(line)}`)].join('\n')
}

function renderOperation(line: HistoryLine): string {
  const { invokedUs, doneUs, op, node, seq, credential, outcome, certainty, reason, issued, refreshToken } =
    line
  const times = `${ms(invokedUs)}–${ms(doneUs)} ms`
  const presented = [
    credential,
    refreshToken,
    line.secret,
    line.sessions === undefined ? '' : `${line.sessions} sessions`,
  ]
  const handedOut =
    issued === undefined ? '' : `→ ${[issued.credential, issued.refreshToken].filter(Boolean).join(', ')}`
  const answer = certainty === 'unsure' ? `${outcome}, unsure` : outcome
  return [
    `#${seq}`.padEnd(6),
    times.padEnd(20),
    line.user.padEnd(9),
    op.padEnd(10),
    (node || '–').padEnd(7),
    [...presented.filter((text) => text !== undefined && text !== ''), answer, reason, handedOut]
      .filter((text) => text !== '')
      .join(' '),
  ]
    .join(' ')
    .trimEnd()
}

function ms(us: number): string {
  return (us / 1000).toFixed(1)
}

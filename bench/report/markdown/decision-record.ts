import type {
  Decision,
  DecisionEvidence,
  DecisionLimits,
  LimitJudgement,
  LimitName,
} from '#contract/decision.ts'
import { MODES, type ModeName } from '#contract/modes.ts'
import { formatCount, formatEstimate, formatFigure, formatTime } from '../numbers.ts'
import { buildTable, type ReportTable } from '../table/report-table.ts'
import { escapeMarkdown } from './escape-markdown.ts'
import { markdownTable } from './markdown-table.ts'

const bullets = (lines: readonly string[]) => lines.map((line) => `- ${line}`).join('\n')
const WORDS: Readonly<Record<LimitJudgement['verdict'], string>> = {
  met: 'met',
  broken: 'BROKEN',
  unknown: 'cannot tell',
}

/** The decision as a record to keep beside the code: choice, evidence, what was not measured, what would change it. */
export function renderDecision(decision: Decision): string {
  const parts = [
    `# How logins are remembered`,
    `## Decision\n\n${choice(decision)}`,
    `## Limits\n\n${bullets(limitWords(decision.limits))}`,
    markdownTable(judgementTable(decision)),
    markdownTable(evidenceTable(decision)),
    decision.comparisons.length === 0 ? '' : markdownTable(orderTable(decision)),
    `## What was not measured\n\n${bullets(decision.notMeasured)}`,
    decision.wouldChange.length === 0 ? '' : `## What would change it\n\n${bullets(decision.wouldChange)}`,
    `## What it rests on\n\n${bullets(decision.sources.map(sourceWords))}`,
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

function choice({ verdict, modes, judgements }: Decision): string {
  const names = modes.map((mode) => `\`${mode}\``).join(', ')
  switch (verdict) {
    case 'chosen': {
      const [mode] = modes
      const summary = mode === undefined ? '' : MODES[mode].summary
      return `**Use ${names}**: ${summary}. ${againstOthers(judgements, modes)}`
    }
    case 'tied':
      return `**Any of ${names}**: each is known to meet every limit, and this evidence does not say which of them costs least (CPU of nodes and store, at both points).`
    case 'none':
      return '**None of the modes**: each is known to break at least one limit.'
    case 'cannot-tell':
      return `**Cannot tell.** No mode is known to meet every limit. Still possible: ${names}. What is missing stands below, with the command that measures it.`
  }
}

function againstOthers(judgements: readonly LimitJudgement[], chosen: readonly ModeName[]): string {
  const others = [...Map.groupBy(judgements, ({ mode }) => mode)]
    .filter(([mode, own]) => !chosen.includes(mode) && own.every(({ verdict }) => verdict === 'met'))
    .map(([mode]) => `\`${mode}\``)
  if (others.length === 0) return 'It is the only one that is known to meet every limit.'
  return `It is known to meet every limit. So is ${others.join(', so is ')}, at more CPU of nodes and store at both points.`
}

function limitWords({ maxLogoutLagMs, surviveNodeLoss, p99Ms, lookupsPerS }: DecisionLimits): string[] {
  return [
    maxLogoutLagMs === undefined
      ? []
      : `max-logout-lag: a logged-out credential is accepted for ${formatTime(maxLogoutLagMs)} at most`,
    surviveNodeLoss ? 'survive-node-loss: no login is lost when a node dies' : [],
    p99Ms === undefined
      ? []
      : `p99: ${formatTime(p99Ms)} at most, through the proxy, from when a lookup was due`,
    lookupsPerS === undefined ? [] : `lookups: ${formatCount(lookupsPerS)} a second`,
  ].flat()
}

/** A row a mode, a column a limit. */
function judgementTable({ judgements }: Decision): ReportTable {
  const modes = [...new Set(judgements.map(({ mode }) => mode))]
  const limits = [...new Set(judgements.map(({ limit }) => limit))]
  const words = (mode: ModeName, limit: LimitName): string => {
    const found = judgements.find((one) => one.mode === mode && one.limit === limit)
    return found === undefined ? '' : `${WORDS[found.verdict]}: ${found.why}`
  }
  return buildTable<ModeName>({
    title: 'Each mode against each limit',
    items: modes,
    groups: [
      {
        head: '',
        columns: [
          { head: 'mode', unit: '', align: 'left', cell: (mode) => ({ text: mode }) },
          ...limits.map(
            (limit) =>
              ({
                head: limit,
                unit: '',
                align: 'left',
                cell: (mode: ModeName) => ({ text: words(mode, limit) }),
              }) as const,
          ),
        ],
      },
    ],
    caption: [
      'A limit is met only where a usable figure shows it; a promise that nobody measured is not enough. A p99 is read off all rounds together and has no interval: it counts as met where every round kept it, or where it is half of the limit.',
    ],
  })
}

type Row = DecisionEvidence & Pick<LimitJudgement, 'mode'>

function evidenceTable({ judgements }: Decision): ReportTable {
  const column = (head: string, align: 'left' | 'right', text: (row: Row) => string) =>
    ({ head, unit: '', align, cell: (row: Row) => ({ text: text(row) }) }) as const
  return buildTable<Row>({
    title: 'Evidence',
    items: judgements.flatMap(({ mode, evidence }) => evidence.map((one) => ({ ...one, mode }))),
    groups: [
      {
        head: '',
        columns: [
          column('mode', 'left', ({ mode }) => mode),
          column('figure', 'left', ({ figure }) => figure),
          column('value', 'right', figureWords),
          column('point', 'left', ({ point, under }) => `${point}: ${under}`),
          column('n', 'right', ({ n }) => String(n)),
          column('file', 'left', ({ file }) => file),
        ],
      },
    ],
    caption: ['In brackets the 95 % interval over n rounds; without brackets there is none.'],
  })
}

function figureWords({ value, unit, interval }: DecisionEvidence): string {
  return `${interval === null ? formatFigure(value) : formatEstimate(value, interval)} ${unit}`.trim()
}

function orderTable({ comparisons }: Decision): ReportTable {
  type Pair = Decision['comparisons'][number]
  const column = (head: string, text: (pair: Pair) => string) =>
    ({ head, unit: '', align: 'left', cell: (pair: Pair) => ({ text: text(pair) }) }) as const
  return buildTable<Pair>({
    title: 'What those that meet every limit cost',
    items: comparisons,
    groups: [
      {
        head: '',
        columns: [
          column('mode', ({ arm }) => arm),
          column('against', ({ against }) => against),
          column('point', ({ point }) => point),
          column('CPU of nodes and store, ratio', ({ ratio, interval }) => formatEstimate(ratio, interval)),
          column('claimed', ({ claimed }) => (claimed ? 'yes' : 'no')),
          column('file', ({ file }) => file),
        ],
      },
    ],
    caption: [
      'Paired rounds of one run, exact signed-rank intervals, corrected by Holm. A mode is left behind only where another is claimed cheaper at both points.',
    ],
  })
}

function sourceWords({ file, id, usable, doubts, conditions }: Decision['sources'][number]): string {
  const standing = usable ? '' : ' **NOT USED: not valid.**'
  const why = doubts.length === 0 ? '' : ` ${doubts.join('; ')}.`
  return `${escapeMarkdown(file)} (${escapeMarkdown(id)}).${standing}${escapeMarkdown(why)} ${escapeMarkdown(conditions)}`
}

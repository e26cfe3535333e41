import type { Outcome } from '#contract/outcomes.ts'
import type { FailureRun, TimelineBin } from '#contract/result.ts'
import { formatFigure, formatTime } from '../numbers.ts'
import { OUTCOME_WORDS, type OutcomeWords } from '../outcome-words.ts'
import { outcomesSeen } from '../table/error-table.ts'
import type { Paint } from './paint.ts'
import { plainLine } from './wrap.ts'

const BLOCKS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const
const LABEL_WIDTH = 18
const AVAILABLE: ReadonlySet<Outcome> = new Set(['ok', 'refused_as_expected'])

/** A block as high as the part of the whole; whatever is more than nothing shows. */
export function block(part: number, whole: number): string {
  if (!(part > 0) || !(whole > 0)) return ' '
  return BLOCKS[Math.min(BLOCKS.length, Math.ceil((part / whole) * BLOCKS.length)) - 1] ?? ' '
}

function chunk(bins: readonly TimelineBin[], size: number): readonly (readonly TimelineBin[])[] {
  return Array.from({ length: Math.ceil(bins.length / size) }, (_, at) =>
    bins.slice(at * size, (at + 1) * size),
  )
}

const sum = (values: readonly number[]) => values.reduce((total, each) => total + each, 0)

/** What a timeline is printed from. */
export type TimelineRun = Pick<
  FailureRun,
  'outcomes' | 'bins' | 'events' | 'durationMs' | 'faultAtMs' | 'healAtMs' | 'seed' | 'fault'
> & { readonly mode: string }

/** `├─ kill-node ──┤` under the bins between fault and heal. */
function band(run: TimelineRun, stepMs: number, columns: number): string {
  const from = Math.max(0, Math.min(columns - 1, Math.floor(run.faultAtMs / stepMs)))
  const to = Math.max(from + 1, Math.min(columns, Math.ceil(run.healAtMs / stepMs)))
  const inside = to - from - 2
  if (inside < 0) return `${' '.repeat(from)}│`
  const text = inside >= run.fault.length + 4 ? ` ${run.fault} ` : ''
  return `${' '.repeat(from)}├${'─'.repeat(2 * Number(text !== ''))}${text}${'─'.repeat(Math.max(0, inside - text.length - 2 * Number(text !== '')))}┤`
}

/** Seconds under the bins, as many as have room. */
function axis(stepMs: number, columns: number): string {
  const perSecond = 1000 / stepMs
  let line = ''
  for (let second = 0; second * perSecond < columns; second++) {
    const at = Math.round(second * perSecond)
    const label = `${second}${second === 0 ? ' s' : ''}`
    if (at >= line.length && at + label.length <= columns) line = line.padEnd(at) + label
  }
  return line
}

function eventLines(run: TimelineRun): readonly string[] {
  return run.events.map(({ atMs, source, kind, part, detail }) =>
    plainLine(
      `${' '.repeat(LABEL_WIDTH)} ${formatFigure(atMs / 1000)} s  ${[source, kind, part, detail].filter(Boolean).join(' ')}`,
    ),
  )
}

/**
 * A failure run as text: a line of blocks for each outcome that occurred (height: its part of what was intended),
 * one for p99 (height: part of the worst bin's), the fault's band, seconds, events.
 */
export function printTimeline(
  run: TimelineRun,
  width: number,
  paint: Paint,
  words: Readonly<Record<Outcome, OutcomeWords>> = OUTCOME_WORDS,
): string {
  const room = Math.max(10, width - LABEL_WIDTH - 1)
  const binMs = (run.bins[1]?.atMs ?? run.durationMs) - (run.bins[0]?.atMs ?? 0)
  const perColumn = Math.max(1, Math.ceil(run.bins.length / room))
  const columns = chunk(run.bins, perColumn)
  const line = (label: string, text: string) => `${label.padStart(LABEL_WIDTH)} ${text}`.trimEnd()

  const outcomes = outcomesSeen([run]).map((outcome) => {
    const blocks = columns.map((bins) =>
      block(sum(bins.map((bin) => bin.outcomes[outcome] ?? 0)), sum(bins.map((bin) => bin.intended))),
    )
    const { head, unit } = words[outcome]
    const text = line(`${head} ${unit}`.trim(), blocks.join(''))
    return AVAILABLE.has(outcome) ? text : paint.bad(text)
  })
  const p99s = columns.map((bins) => Math.max(0, ...bins.map((bin) => bin.p99Ms ?? 0)))
  const worst = Math.max(0, ...p99s)
  const p99 =
    worst === 0 ? [] : [line(`p99 ≤ ${formatTime(worst)}`, p99s.map((each) => block(each, worst)).join(''))]
  const stepMs = binMs * perColumn
  return [
    `${paint.bold(run.mode)} ${paint.dim(`one column: ${formatTime(stepMs)}, seed ${run.seed}`)}`,
    ...outcomes,
    ...p99,
    paint.bold(line('fault', band(run, stepMs, columns.length))),
    paint.dim(line('', axis(stepMs, columns.length))),
    ...eventLines(run).map((each) => paint.dim(each.slice(0, width))),
  ].join('\n')
}

import type { ForeignBench, ForeignFailure } from '#contract/foreign.ts'
import type { OutcomeCounts } from '#contract/outcomes.ts'
import { OUTCOMES } from '#contract/outcomes.ts'
import { FOREIGN_WORDS } from '../foreign-words.ts'
import { formatCount, formatFigure } from '../numbers.ts'
import type { Cell, ColumnOf } from '../table/report-table.ts'
import type { Sheet } from './frame.ts'
import { wrap } from './wrap.ts'

/** A column of something counted. */
export function count<T>(head: string, of: (item: T) => number): ColumnOf<T> {
  return { head, unit: '', align: 'right', cell: (item): Cell => ({ text: formatCount(of(item)) }) }
}

/** A column of words or figures made ready. */
export function text<T>(head: string, of: (item: T) => string, unit = ''): ColumnOf<T> {
  return { head, unit, align: 'right', cell: (item): Cell => ({ text: of(item) }) }
}

/** `Requests: in 1,203, out 12`. */
export function printOutcomes(outcomes: OutcomeCounts, { width }: Sheet): string {
  const seen = OUTCOMES.filter((outcome) => outcomes[outcome] > 0)
  const words = seen.map((outcome) => `${FOREIGN_WORDS[outcome].label} ${formatCount(outcomes[outcome])}`)
  return wrap(`Requests: ${words.join(', ')}`, width, '  ').join('\n')
}

export function leftOutLines(leftOut: readonly string[], width: number): string[] {
  return leftOut.flatMap((line) => wrap(`Left out: ${line}`, width, '  ', '    '))
}

/** The sentences, what was left out, the machine, and the command that runs it again. */
export function printTail(run: ForeignBench | ForeignFailure, { width, paint }: Sheet): string {
  const said = run.sentences.flatMap((sentence) => wrap(`• ${sentence}`, width, '  ', '    '))
  const { cpuModel, cores, loadBefore, loadAfter } = run.environment
  const machine = `Load from ${cores} cores (${cpuModel}), load average ${formatFigure(loadBefore)} before and ${formatFigure(loadAfter)} after`
  const rest = [
    ...leftOutLines(run.leftOut, width),
    ...wrap(machine, width, '  '),
    ...wrap(`Again: ${run.command}`, width, '  ', '    '),
  ]
  return [...said, ...rest.map(paint.dim)].join('\n')
}

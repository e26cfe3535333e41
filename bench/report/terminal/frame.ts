import type { RunResult } from '#contract/result.ts'
import { conditionsOf } from '../story/conditions.ts'
import { validityOf } from '../story/validity.ts'
import { createPaint, type Paint } from './paint.ts'
import { wrap } from './wrap.ts'

export interface TerminalOptions {
  /** False: not one escape sequence. */
  colour: boolean
  /** Columns of the terminal; no line is longer, and none longer than 100. */
  width: number
}

const WIDTH_MAX = 100
const WIDTH_MIN = 40

/** What every report is printed on: the colours and the width that may be used. */
export interface Sheet {
  readonly paint: Paint
  readonly width: number
}

export function createSheet({ colour, width }: TerminalOptions): Sheet {
  return { paint: createPaint(colour), width: Math.max(WIDTH_MIN, Math.min(WIDTH_MAX, width)) }
}

/** Doubts first: an unusable run shouts; a usable one names its doubts, or stays silent. */
export function printValidity(result: RunResult, { paint, width }: Sheet): string {
  const { usable, headline, reasons } = validityOf(result)
  if (usable && reasons.length === 0) return ''
  const head = usable ? paint.bold(headline) : paint.shout(`!! ${headline} !!`)
  const lines = reasons.flatMap((reason) => wrap(`✗ ${reason}`, width, '  ', '    '))
  return [head, ...lines.map(paint.bad)].join('\n')
}

/** The sentences drawn from the figures. */
export function printSentences(result: RunResult, { width, paint }: Sheet): string {
  if (result.sentences.length === 0) return ''
  const lines = result.sentences.flatMap((sentence) => wrap(`• ${sentence}`, width, '  ', '    '))
  const head = result.valid
    ? paint.bold('What the figures say')
    : paint.bad('What the figures would say if the run were valid')
  return [head, ...lines].join('\n')
}

/** What was left out, and the conditions without which no figure means anything. */
export function printConditions(result: RunResult, { paint, width }: Sheet): string {
  const leftOut = result.leftOut.flatMap((text) => wrap(`Left out: ${text}`, width, '  ', '    '))
  const conditions = [...conditionsOf(result), { name: 'Again', value: result.command }].flatMap(
    ({ name, value }) => wrap(`${name}: ${value}`, width, '  ', '    '),
  )
  return [...leftOut, ...conditions.map(paint.dim)].join('\n')
}

/** Puts the parts of a report under each other, with an empty line between those that have something to say. */
export function stack(parts: readonly string[]): string {
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

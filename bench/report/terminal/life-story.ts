import type { Life } from '#contract/life.ts'
import { createSheet, type TerminalOptions } from './frame.ts'
import { wrap } from './wrap.ts'

const REQUEST_WIDTH = 24
const NODE_WIDTH = 8

/** One login's life, a line a step: what was asked, who answered, with what. */
export function renderLife(life: Life, options: TerminalOptions): string {
  const { paint, width } = createSheet(options)
  const lines = life.steps.flatMap(({ chapter, request, node, status, answer }) => {
    const head = `  ${request.padEnd(REQUEST_WIDTH)} ${node.padEnd(NODE_WIDTH)} ${String(status || '–').padEnd(4)}`
    const [first = '', ...rest] = wrap(answer, Math.max(20, width - head.length - 1))
    const indent = ' '.repeat(head.length + 1)
    const tone = status >= 200 && status < 300 ? 'good' : 'bad'
    const title = chapter === undefined ? [] : [`  ${paint.tone(`— ${chapter}`, 'dim')}`]
    return [...title, `${paint.tone(head, tone)} ${first}`, ...rest.map((line) => `${indent}${line}`)]
  })
  const renewed = life.renewal === 'fixed' ? '' : `; renewal ${life.renewal}`
  const [head = '', ...rest] = wrap(`${life.mode}: ${life.summary}${renewed}`, width)
  const title = [head.replace(life.mode, paint.bold(life.mode)), ...rest]
  return [...title, ...lines.map((line) => line.trimEnd()), ''].join('\n')
}

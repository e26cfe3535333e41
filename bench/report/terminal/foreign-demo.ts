import pc from 'picocolors'
import type { ForeignDemo } from '#contract/foreign.ts'
import { paintAnswer, renderStep } from './demo-grid.ts'
import { leftOutLines } from './foreign-parts.ts'
import { createSheet, stack, type TerminalOptions } from './frame.ts'
import { wrap } from './wrap.ts'

const HEADS = { login: 'after the login', crash: 'killed', logout: 'after the logout' } as const

/** The steps that the file allowed, one a line. */
export function renderForeignDemo(demo: ForeignDemo, options: TerminalOptions): string {
  const { width, paint } = createSheet(options)
  const colours = pc.createColors(options.colour)
  const legend = `${paintAnswer('in', colours)} still in   ${paintAnswer('out', colours)} out   ${paintAnswer('dead', colours)} node is down   n/6: of six requests through the entrance`
  const ids = demo.steps[0]?.nodes.map(({ id }) => id).join(' ') ?? ''
  const steps = demo.steps.map((step) => {
    const head = step.name === 'crash' ? `${demo.victim} ${HEADS.crash}` : HEADS[step.name]
    return `  ${head.padEnd(24)}${renderStep(step, colours)}`.trimEnd()
  })
  return stack([
    [
      paint.bold(`Still in? ${demo.service}`),
      `  ${legend}`,
      ...(ids === '' ? [] : [paint.dim(`  nodes: ${ids}`)]),
    ].join('\n'),
    steps.join('\n'),
    [...wrap(demo.sentence, width, '  '), ...leftOutLines(demo.leftOut, width).map(paint.dim)].join('\n'),
  ])
}

import pc from 'picocolors'
import type { DemoMode, DemoStep, StillIn } from '#contract/demo.ts'
import { MODE_NAMES } from '#contract/modes.ts'
import { STORE_TITLES } from '#contract/stores.ts'
import { wrap } from './wrap.ts'

const MARKS: Readonly<Record<StillIn, string>> = { in: '●', out: '○', dead: '✕', unclear: '?' }
const HEADS: Readonly<Record<DemoStep['name'], string>> = {
  login: 'after the login',
  crash: 'its node killed',
  logout: 'after the logout',
}
const NAME_WIDTH = 2 + Math.max(...MODE_NAMES.map((name) => name.length))
const COLUMN_WIDTH = 24
/** No wider than what stands above it, and its indent. */
const TEXT_WIDTH_MAX = 94

type Colours = ReturnType<typeof pc.createColors>

/** The grid's head: what the marks and columns mean. */
export function renderDemoHead(colour: boolean): string {
  const colours = pc.createColors(colour)
  const heads = Object.values(HEADS).map((head) => head.padEnd(COLUMN_WIDTH))
  const legend = `${paintAnswer('in', colours)} still in   ${paintAnswer('out', colours)} out   ${paintAnswer('dead', colours)} node is down   n/6: of six requests through the proxy`
  return [
    colours.bold(`Still in?${' '.repeat(NAME_WIDTH - 7)}${heads.join('')}`.trimEnd()),
    `  ${legend}`,
    '',
  ].join('\n')
}

/** One mode: three steps side by side, each node's answer, the proxy's, and the sentence beneath, in `width` columns. */
export function renderDemoMode(demo: DemoMode, colour: boolean, width = TEXT_WIDTH_MAX): string {
  const colours = pc.createColors(colour)
  const steps = demo.steps.map((step) => renderStep(step, colours))
  const over = demo.store ? `Over ${STORE_TITLES[demo.store]} in the place of Redis. ` : ''
  const sentence = wrap(over + demo.sentence, Math.min(width, TEXT_WIDTH_MAX), '  ').map(colours.dim)
  return [`  ${colours.bold(demo.mode.padEnd(NAME_WIDTH))}${steps.join('')}`.trimEnd(), ...sentence, ''].join(
    '\n',
  )
}

/** Each node's answer, and the entrance's. */
export function renderStep(step: DemoStep, colours: Colours): string {
  const marks = step.nodes.map(({ answer }) => paintAnswer(answer, colours)).join(' ')
  const proxy = `${step.viaProxy.accepted}/${step.viaProxy.asked}`
  const plainWidth = step.nodes.length * 2 - 1 + 3 + proxy.length
  return `${marks}   ${proxy}${' '.repeat(Math.max(1, COLUMN_WIDTH - plainWidth))}`
}

/** The mark of an answer. */
export function paintAnswer(answer: StillIn, colours: Colours): string {
  const painter = { in: colours.green, out: colours.red, dead: colours.yellow, unclear: colours.magenta }[
    answer
  ]
  return painter(MARKS[answer])
}

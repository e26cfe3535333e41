import { MODE_NAMES } from '#contract/modes.ts'
import type { SsoAnswer, SsoDemo, SsoStep } from '#contract/sso.ts'
import { createSheet, type TerminalOptions } from './frame.ts'
import type { Paint } from './paint.ts'
import { wrap } from './wrap.ts'

const MARKS: Readonly<Record<SsoAnswer, string>> = { in: '●', out: '○', 'cannot-tell': '✕' }
const HEADS: Readonly<Record<SsoStep['name'], string>> = {
  login: 'after the login',
  'auth-dead': 'auth nodes dead',
  'new-key': 'key rotated',
  logout: 'after the logout',
}
const NAME_WIDTH = 2 + Math.max(...MODE_NAMES.map((name) => name.length))
const COLUMN_WIDTH = 18
const AUTH_WIDTH = 6

/** What the marks and columns mean. */
export function renderSsoHead(options: TerminalOptions): string {
  const { paint } = createSheet(options)
  const heads = Object.values(HEADS).map((head) => head.padEnd(COLUMN_WIDTH))
  const pair = `${'auth'.padEnd(AUTH_WIDTH)}shop`.padEnd(COLUMN_WIDTH)
  return [
    paint.bold(`At the shop?${' '.repeat(NAME_WIDTH - 10)}${heads.join('')}`.trimEnd()),
    paint.dim(`  ${' '.repeat(NAME_WIDTH)}${heads.map(() => pair).join('')}`.trimEnd()),
    `  ${mark('in', paint)} let in   ${mark('out', paint)} refused   ${mark('cannot-tell', paint)} no answer, or 503: cannot tell   – no keys are used`,
    '',
  ].join('\n')
}

/** One mode: what auth and the shop said at each step, and the sentence beneath. */
export function renderSsoDemo(
  { mode, algorithm, check, steps, sentence }: SsoDemo,
  options: TerminalOptions,
) {
  const { paint, width } = createSheet(options)
  const cells = (Object.keys(HEADS) as SsoStep['name'][]).map((name) =>
    cell(
      steps.find((step) => step.name === name),
      paint,
    ),
  )
  const how = `${algorithm ?? 'cookie'}, ${check === 'offline' ? 'checked offline' : 'asked each time'}`
  return [
    `  ${paint.bold(mode.padEnd(NAME_WIDTH))}${cells.join('')}`.trimEnd(),
    ...wrap(`${how}. ${sentence}`, width, '  ').map(paint.dim),
    '',
  ].join('\n')
}

function cell(step: SsoStep | undefined, paint: Paint): string {
  if (step === undefined) return '–'.padEnd(COLUMN_WIDTH)
  const rest = ' '.repeat(COLUMN_WIDTH - AUTH_WIDTH - 1)
  return `${mark(step.auth, paint)}${' '.repeat(AUTH_WIDTH - 1)}${mark(step.shop, paint)}${rest}`
}

function mark(answer: SsoAnswer, paint: Paint): string {
  const tone = { in: 'good', out: 'bad', 'cannot-tell': 'dim' } as const
  return paint.tone(MARKS[answer], tone[answer])
}

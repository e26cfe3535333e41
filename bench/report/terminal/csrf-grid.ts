import type { CsrfDemo, ForgeryResult, ForgeryRow, ForgeryTable, ForgeryTry } from '#contract/csrf.ts'
import { createSheet, type TerminalOptions } from './frame.ts'
import type { Paint } from './paint.ts'
import { wrap } from './wrap.ts'

const MARKS: Readonly<Record<ForgeryResult, string>> = { done: '●', refused: '○', 'not-sent': '–' }
const NAME_WIDTH = 36
const COOKIE_WIDTH = 8
const UNPROTECTED_WIDTH = 13
const PROTECTED_WIDTH = 11
const PAIR_WIDTH = COOKIE_WIDTH + UNPROTECTED_WIDTH + PROTECTED_WIDTH
const SITES = [
  ['cross-site', 'a page of another site'],
  ['same-site', 'a page of a sister subdomain (same site, another origin)'],
] as const

const LEGEND = [
  'cookie: what RFC 6265bis attaches; some browsers keep more back from other sites',
  'unprotected: /demo/unprotected-transfer, open on purpose, in this demonstration alone',
  'protected: /transfer, or /logout for what carries no body; the forms even hold the password',
  '401 no credential came · 403 no x-csrf header · 404 no change answers GET · 415 bodies are JSON',
] as const

/** What the marks, the columns and the statuses mean. */
export function renderCsrfHead(options: TerminalOptions): string {
  const { paint, width } = createSheet(options)
  const marks = [
    `${mark('done', paint)} done in the victim’s name`,
    `${mark('refused', paint)} refused`,
    `${mark('not-sent', paint)} not sent, for the browser asked first and got no leave`,
  ]
  return [
    paint.bold('Forged?  what a page of another origin makes a logged-in browser do'),
    `  ${marks.join('   ')}`,
    ...LEGEND.flatMap((line) => wrap(line, width, '  ')),
    '',
  ].join('\n')
}

/** One mode: the attacks by row, and for each way of setting the cookie what became of them. */
export function renderCsrfDemo({ mode, summary, tables, sentence }: CsrfDemo, options: TerminalOptions) {
  const { paint, width } = createSheet(options)
  const heads = tables.map((table) => titleOf(table).padEnd(PAIR_WIDTH)).join('')
  const columns = tables.map(({ cookie }) => columnsOf(cookie)).join('')
  const rows = SITES.flatMap(([site, words]) => [paint.dim(`  ${words}`), ...rowsOf(tables, site, paint)])
  return [
    ...wrap(`${mode}: ${summary}`, width).map((line, at) => (at === 0 ? paint.bold(line) : line)),
    `${' '.repeat(NAME_WIDTH)}${heads}`.trimEnd(),
    paint.dim(`${' '.repeat(NAME_WIDTH)}${columns}`.trimEnd()),
    ...rows,
    ...wrap(sentence, width, '  ').map(paint.dim),
    '',
  ].join('\n')
}

function titleOf({ cookie, sameSite }: ForgeryTable): string {
  if (cookie === 'none') return 'a token, no cookie'
  return cookie === 'as-set' ? `cookie as set: SameSite=${sameSite}` : `were it SameSite=${sameSite}`
}

function columnsOf(cookie: ForgeryTable['cookie']): string {
  const first = cookie === 'none' ? 'token' : 'cookie'
  return (
    first.padEnd(COOKIE_WIDTH) + 'unprotected'.padEnd(UNPROTECTED_WIDTH) + 'protected'.padEnd(PROTECTED_WIDTH)
  )
}

function rowsOf(tables: readonly ForgeryTable[], site: ForgeryRow['from'], paint: Paint): string[] {
  const [first, ...others] = tables
  return (first?.rows ?? []).flatMap((row, at) => {
    if (row.from !== site) return []
    const pairs = [row, ...others.map((table) => table.rows[at])]
    const cells = pairs.map((pair) => (pair === undefined ? '' : cellsOf(pair, paint)))
    return [`    ${row.attack.padEnd(NAME_WIDTH - 4)}${cells.join('')}`.trimEnd()]
  })
}

function cellsOf(row: ForgeryRow, paint: Paint): string {
  const cookie = row.cookieSent ? 'sent' : '–'
  return (
    cookie.padEnd(COOKIE_WIDTH) +
    cell(row.unprotected, UNPROTECTED_WIDTH, paint) +
    cell(row.protected, PROTECTED_WIDTH, paint)
  )
}

function cell({ result, status }: ForgeryTry, width: number, paint: Paint): string {
  const text = status === 0 ? '' : String(status)
  return `${mark(result, paint)} ${text}${' '.repeat(width - 2 - text.length)}`
}

function mark(result: ForgeryResult, paint: Paint): string {
  const tone = { done: 'bad', refused: 'good', 'not-sent': 'dim' } as const
  return paint.tone(MARKS[result], tone[result])
}

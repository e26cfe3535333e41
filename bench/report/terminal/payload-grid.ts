import type { PayloadClientName, PayloadDemo, PayloadPhase } from '#contract/payload.ts'
import { createSheet, type TerminalOptions } from './frame.ts'
import type { Paint } from './paint.ts'
import { wrap } from './wrap.ts'

const CLIENTS: Readonly<Record<PayloadClientName, string>> = {
  blind: 'does not look',
  looks: 'looks at exp first',
  'later-end': 'writes itself a later exp',
  'as-admin': 'writes itself role admin',
  'slow-clock': 'looks, its clock an hour slow',
  'fast-clock': 'looks, its clock an hour fast',
  'logged-out': 'after its logout',
}
const NAME_WIDTH = 33
const COUNT_WIDTH = 7
const ANSWER_WIDTH = 19

/** What the columns mean. */
export function renderPayloadHead(options: TerminalOptions): string {
  const { paint, width } = createSheet(options)
  const wide = COUNT_WIDTH * 2 + ANSWER_WIDTH
  const columns = `${'kept'.padEnd(COUNT_WIDTH)}${'sent'.padEnd(COUNT_WIDTH)}${'accepted'.padEnd(ANSWER_WIDTH)}`
  const legend =
    'kept: kept back by the client; sent: as the nodes counted them; in brackets: why others were refused'
  return [
    paint.bold(`${'Look first?'.padEnd(NAME_WIDTH)}${'good credential'.padEnd(wide)}one that is over`),
    paint.dim(`${' '.repeat(NAME_WIDTH)}${columns}${columns}`.trimEnd()),
    ...wrap(legend, width, '  '),
    '',
  ].join('\n')
}

/** One mode: a row a client, with a good credential and with one that is over. */
export function renderPayloadDemo({ mode, summary, rows, sentence }: PayloadDemo, options: TerminalOptions) {
  const { paint, width } = createSheet(options)
  const [first = '', ...rest] = wrap(`${mode}: ${summary}`, width)
  const lines = rows.map(({ client, good, over }) =>
    `  ${CLIENTS[client].padEnd(NAME_WIDTH - 2)}${phase(good, paint)}${over ? phase(over, paint) : ''}`.trimEnd(),
  )
  return [paint.bold(first), ...rest, ...lines, ...wrap(sentence, width, '  ').map(paint.dim), ''].join('\n')
}

function phase({ wanted, keptBack, reached, accepted, refused }: PayloadPhase, paint: Paint): string {
  const why = Object.keys(refused).join(', ')
  const text = reached === 0 ? '–' : `${accepted}${why === '' ? '' : ` (${why})`}`
  const tone = accepted === wanted ? 'good' : accepted > 0 ? undefined : 'dim'
  return [
    String(keptBack).padEnd(COUNT_WIDTH),
    String(reached).padEnd(COUNT_WIDTH),
    paint.tone(text, tone) + ' '.repeat(Math.max(1, ANSWER_WIDTH - text.length)),
  ].join('')
}

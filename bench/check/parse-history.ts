import { EXIT, StillinError } from '#contract/errors.ts'
import {
  CERTAINTIES,
  HISTORY_OPERATIONS,
  type History,
  type HistoryHeader,
  type HistoryLine,
} from '#contract/history.ts'
import { MODE_NAMES } from '#contract/modes.ts'
import { OUTCOMES } from '#contract/outcomes.ts'

/** What a member must be: a phrase, and whether a value is that. */
interface Demand {
  readonly must: string
  readonly fits: (value: unknown) => boolean
  readonly optional?: boolean
}
type Shape = Readonly<Record<string, Demand>>

const text: Demand = { must: 'a text', fits: (value) => typeof value === 'string' }
const name: Demand = { must: 'a text, not empty', fits: (value) => typeof value === 'string' && value !== '' }
const count: Demand = { must: 'a whole number, not negative', fits: isCount }
/** Below 0: before the run's beginning, where the first requests may be sent. */
const time: Demand = { must: 'a number of µs', fits: isNumber }
const positive: Demand = { must: 'a number above 0', fits: (value) => isNumber(value) && value > 0 }
const oneOf = (values: readonly unknown[]): Demand => ({
  must: `one of ${values.join(', ')}`,
  fits: (value) => values.includes(value),
})
const optional = (demand: Demand): Demand => ({ ...demand, optional: true })
const object = (shape: Shape): Demand => ({
  must: `an object of ${Object.keys(shape).join(', ')}`,
  fits: (value) => isObject(value) && flawOf(value, shape) === undefined,
})
const token: Demand = {
  must: 'family.place, places from 1',
  fits: (value) => typeof value === 'string' && /^.+\.[1-9]\d*$/.test(value),
}

const HEADER: Shape = {
  history: oneOf([1]),
  mode: oneOf(MODE_NAMES),
  seed: count,
  nodes: count,
  plant: optional(name),
  boundMs: optional(positive),
  graceMs: optional(count),
  refreshS: optional(positive),
  sessionsPerUser: optional(positive),
}

const LINE: Shape = {
  seq: count,
  client: text,
  user: text,
  credential: text,
  op: oneOf(HISTORY_OPERATIONS),
  node: text,
  mode: oneOf(MODE_NAMES),
  invokedUs: time,
  doneUs: time,
  outcome: oneOf(OUTCOMES),
  certainty: oneOf(CERTAINTIES),
  reason: text,
  via: optional(oneOf(['proxy', 'node'])),
  login: optional(name),
  issued: optional(
    object({
      credential: name,
      login: name,
      livesS: optional(positive),
      refreshToken: optional(token),
      epoch: optional(count),
    }),
  ),
  revokes: optional(object({ reach: oneOf(['login', 'user']), target: name, family: optional(name) })),
  saw: optional(text),
  refreshToken: optional(token),
  secret: optional(name),
  password: optional(name),
  nextPassword: optional(name),
  wrote: optional(text),
  read: optional(text),
  sessions: optional(count),
  begunUs: optional(time),
}

/**
 * Reads a history: one JSON object a line, the first one may be its header. Lines come back in the order of their
 * invocation.
 * @param source names the file in errors.
 * @throws StillinError (usage) naming the line and the field.
 */
export function parseHistory(content: string, source: string): History {
  let header: HistoryHeader | undefined
  const lines: HistoryLine[] = []
  for (const [index, row] of content.split('\n').entries()) {
    if (row.trim() === '') continue
    const where = `${source}, line ${index + 1}`
    const value = parseRow(row, where)
    if ('history' in value && lines.length === 0 && header === undefined) {
      demand(value, HEADER, where)
      header = value as unknown as HistoryHeader
      continue
    }
    demand(value, LINE, where)
    const line = value as unknown as HistoryLine
    if (line.doneUs < line.invokedUs)
      throw refuse(`${where}: doneUs: expected not before invokedUs (${line.invokedUs}), got ${line.doneUs}`)
    lines.push(line)
  }
  if (lines.length === 0) throw refuse(`${source}: holds no operation`)
  return { header, lines: lines.sort((a, b) => a.invokedUs - b.invokedUs || a.seq - b.seq) }
}

/** The text that `parseHistory` reads. */
export function formatHistory({ header, lines }: History): string {
  return [...(header === undefined ? [] : [header]), ...lines]
    .map((row) => `${JSON.stringify(row)}\n`)
    .join('')
}

function parseRow(row: string, where: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(row)
  } catch (error) {
    throw refuse(`${where}: not JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
  if (isObject(value)) return value
  throw refuse(`${where}: expected a JSON object`)
}

function demand(value: Record<string, unknown>, shape: Shape, where: string): void {
  const flaw = flawOf(value, shape)
  if (flaw !== undefined) throw refuse(`${where}: ${flaw}`)
}

/** The first member that does not fit, as `field: expected …`. */
function flawOf(value: Record<string, unknown>, shape: Shape): string | undefined {
  for (const [field, { must, fits, optional: mayLack }] of Object.entries(shape)) {
    const member = value[field]
    if (member === undefined ? mayLack === true : fits(member)) continue
    return `${field}: expected ${must}, ${member === undefined ? 'it is missing' : `got ${JSON.stringify(member)}`}`
  }
  const unknown = Object.keys(value).find((field) => !Object.hasOwn(shape, field))
  return unknown === undefined ? undefined : `${unknown}: there is no such field`
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isNumber(value: unknown): value is number {
  return Number.isFinite(value)
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

function refuse(message: string): StillinError {
  return new StillinError(message, {
    exitCode: EXIT.usage,
    hint: 'docs/checkers.md says what a history holds.',
  })
}

import { describe, expect, it } from 'vitest'
import { formatHistory, parseHistory } from '#bench/check/parse-history.ts'
import { StillinError } from '#contract/errors.ts'
import { login, logout, written } from './written-history.ts'

const history = written([
  [0, 5, login('a', { refreshToken: 'f.1', epoch: 3 })],
  [10, 12, logout('a')],
])
const rows = formatHistory(history).trimEnd().split('\n')

function problem(change: (rows: string[]) => string[]): string {
  try {
    parseHistory(change([...rows]).join('\n'), 'h.ndjson')
  } catch (error) {
    if (error instanceof StillinError && error.exitCode === 2) return error.message
    throw error
  }
  return 'none'
}
const edit = (line: number, member: object) => (all: string[]) =>
  all.map((row, index) => (index === line - 1 ? JSON.stringify({ ...JSON.parse(row), ...member }) : row))

describe('a history', () => {
  it('comes back as it was written', () => {
    expect(parseHistory(formatHistory(history), 'h.ndjson')).toEqual(history)
  })

  it('may lack its header, and may hold empty lines', () => {
    expect(parseHistory(`\n${rows[1]}\n\n`, 'h.ndjson')).toEqual({
      header: undefined,
      lines: [history.lines[0]],
    })
  })

  it('may begin before its run does', () => {
    const early = rows.map((row) => row.replace('"invokedUs":0', '"invokedUs":-150000'))
    expect(parseHistory(early.join('\n'), 'h.ndjson').lines[0]?.invokedUs).toBe(-150_000)
  })

  it.each([
    ['a line that is not JSON', (all: string[]) => [...all, '{'], /^h\.ndjson, line 4: not JSON/],
    [
      'a value that is no object',
      (all: string[]) => [...all, '[]'],
      /^h\.ndjson, line 4: expected a JSON object/,
    ],
    [
      'an unknown operation',
      edit(2, { op: 'fly' }),
      /^h\.ndjson, line 2: op: expected one of login, .*got "fly"/,
    ],
    [
      'a time that is none',
      edit(3, { invokedUs: 'now' }),
      /line 3: invokedUs: expected a number of µs.*got "now"/,
    ],
    ['an end before its beginning', edit(3, { doneUs: 1 }), /line 3: doneUs: expected not before invokedUs/],
    [
      'a missing field',
      edit(2, { certainty: undefined }),
      /line 2: certainty: expected one of ok, fail, unsure, it is missing/,
    ],
    [
      'a part that is not whole',
      edit(2, { issued: { login: 'a' } }),
      /line 2: issued: expected an object of credential/,
    ],
    ['a field that does not exist', edit(2, { colour: 'red' }), /line 2: colour: there is no such field/],
    ['an unknown mode in the header', edit(1, { mode: 'nope' }), /line 1: mode: expected one of local/],
    ['no operation at all', (all: string[]) => all.slice(0, 1), /holds no operation/],
  ])('with %s is refused by line and field', (_what, change, message) => {
    expect(problem(change)).toMatch(message)
  })
})

import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { renderCsrfDemo, renderCsrfHead } from '#bench/report/terminal/csrf-grid.ts'
import type { CsrfDemo, ForgeryRow } from '#contract/csrf.ts'

const rows: ForgeryRow[] = [
  {
    attack: 'form POST, JSON as text/plain',
    from: 'cross-site',
    cookieSent: false,
    unprotected: { request: '', result: 'refused', status: 401, why: 'unauthorized' },
    protected: { request: '', result: 'refused', status: 415, why: '' },
  },
  {
    attack: 'fetch with x-csrf',
    from: 'same-site',
    cookieSent: false,
    unprotected: { request: '', result: 'not-sent', status: 0, why: 'preflight_refused' },
    protected: { request: '', result: 'done', status: 204, why: '' },
  },
]
const demo: CsrfDemo = {
  mode: 'redis',
  summary: 'a session id in a signed cookie; the session in Redis, asked on every request',
  tables: [
    { cookie: 'as-set', sameSite: 'Lax', rows },
    { cookie: 'as-if', sameSite: 'None', rows },
  ],
  victimStillIn: true,
  sentence: 'A sentence that is long enough to be broken into lines, which it is here. '.repeat(3).trim(),
}
const page = (colour: boolean) =>
  [renderCsrfHead({ colour, width: 100 }), renderCsrfDemo(demo, { colour, width: 100 })].join('\n')

describe('the grid of forged requests', () => {
  it('fits a hundred columns and has no escape sequence without colour', () => {
    const plain = page(false)
    expect(Math.max(...plain.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100)
    expect(plain).toBe(stripVTControlCharacters(plain))
  })

  it('says the same with colour', () => {
    expect(stripVTControlCharacters(page(true))).toBe(page(false))
  })

  it('puts each result under the cookie it belongs to', () => {
    expect(page(false)).toMatch(/form POST, JSON as text\/plain +– +○ 401 +○ 415 +– +○ 401 +○ 415\n/)
    expect(page(false)).toMatch(/fetch with x-csrf +– +– +● 204 +– +– +● 204\n/)
  })
})

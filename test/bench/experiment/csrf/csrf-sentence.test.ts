import { describe, expect, it } from 'vitest'
import { csrfSentence } from '#bench/experiment/csrf/csrf-sentence.ts'
import type { ForgeryResult, ForgeryRow, ForgeryTable } from '#contract/csrf.ts'

const row = (from: ForgeryRow['from'], unprotected: ForgeryResult, guarded: ForgeryResult = 'refused') => ({
  attack: 'link clicked',
  from,
  cookieSent: true,
  unprotected: { request: '', result: unprotected, status: 200, why: '' },
  protected: { request: '', result: guarded, status: 403, why: '' },
})
const say = (tables: ForgeryTable[], victimStillIn = true) =>
  csrfSentence({ mode: 'redis', summary: '', tables, victimStillIn })

describe('the sentence about forged requests', () => {
  it('counts what got through, and from where', () => {
    const rows = [row('cross-site', 'done'), row('cross-site', 'refused'), row('same-site', 'done')]
    expect(say([{ cookie: 'as-set', sameSite: 'Lax', rows }])).toBe(
      'With SameSite=Lax 2 of 3 attacks got through the unprotected route: 1 from another site (link clicked), 1 from a sister subdomain. None of 3 got through where a header and JSON are asked for.',
    )
  })

  it('does not call a protected route safe when something got through', () => {
    const tables: ForgeryTable[] = [
      { cookie: 'as-set', sameSite: 'Lax', rows: [row('same-site', 'done', 'done')] },
    ]
    expect(say(tables, false)).toContain(
      '1 of 1 got through where a header and JSON are asked for, and the victim was logged out.',
    )
  })

  it('says that there is nothing to forge only where nothing got through', () => {
    expect(say([{ cookie: 'none', rows: [row('same-site', 'refused')] }])).toContain(
      'there is nothing to forge',
    )
    expect(say([{ cookie: 'none', rows: [row('same-site', 'done')] }])).not.toContain('nothing to forge')
  })
})

import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { payloadSentence } from '#bench/experiment/payload/payload-sentence.ts'
import { renderPayloadDemo, renderPayloadHead } from '#bench/report/terminal/payload-grid.ts'
import type { PayloadDemo, PayloadPhase, PayloadRow } from '#contract/payload.ts'

const sent = (accepted: number, refused: PayloadPhase['refused'] = {}): PayloadPhase => ({
  wanted: 10,
  keptBack: 0,
  reached: 10,
  accepted,
  refused,
})
const kept: PayloadPhase = { wanted: 10, keptBack: 10, reached: 0, accepted: 0, refused: {} }
const rows: PayloadRow[] = [
  { client: 'blind', good: sent(10), over: sent(0, { expired: 10 }) },
  { client: 'looks', good: sent(10), over: kept },
  { client: 'later-end', good: sent(0, { signature: 10 }), over: sent(0, { signature: 10 }) },
  { client: 'slow-clock', good: sent(10), over: sent(0, { expired: 10 }) },
  { client: 'fast-clock', good: kept, over: kept },
  { client: 'logged-out', good: sent(0, { revoked: 10 }) },
]
const demo = { mode: 'jwt-denylist', summary: 'a token', readable: true, rows } as const

describe('the sentence about looking first', () => {
  it('says what the look saved and what it did not', () => {
    expect(payloadSentence(demo)).toBe(
      'Looking saved 10 of 10 requests that would have been refused; of 20 with something else written into the token the server accepted none; with a clock an hour slow the look saved none; with one an hour fast it kept back 10 that would have been accepted; after a logout the look knows nothing of it: 10 were sent, none accepted.',
    )
  })

  it('does not hide an altered token that was accepted', () => {
    const holed = rows.map((row) => (row.client === 'later-end' ? { ...row, good: sent(3) } : row))
    expect(payloadSentence({ ...demo, rows: holed })).toContain(
      'written into the token the server accepted 3',
    )
  })

  it('claims no look where nothing can be read', () => {
    const blind = rows.filter(({ client }) => client === 'blind' || client === 'logged-out')
    expect(payloadSentence({ ...demo, readable: false, rows: blind })).toBe(
      'There is nothing that the client could read, so it sends everything; after a logout 10 were sent, none accepted.',
    )
  })
})

describe('the grid of clients that look', () => {
  const whole: PayloadDemo = { ...demo, sentence: payloadSentence(demo) }
  const page = (colour: boolean) =>
    `${renderPayloadHead({ colour, width: 100 })}${renderPayloadDemo(whole, { colour, width: 100 })}`

  it('fits a hundred columns, and colour changes nothing but colour', () => {
    expect(
      Math.max(
        ...page(false)
          .split('\n')
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(100)
    expect(stripVTControlCharacters(page(true))).toBe(page(false))
  })

  it('shows what was kept, sent and accepted, and why not', () => {
    expect(page(false)).toMatch(/looks at exp first +0 +10 +10 +10 +0 +–\n/)
    expect(page(false)).toMatch(/later exp +0 +10 +0 \(signature\) +0 +10 +0 \(signature\)\n/)
  })
})

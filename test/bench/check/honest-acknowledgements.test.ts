import { describe, expect, it } from 'vitest'
import { honestAcknowledgements } from '#bench/check/honest-acknowledgements.ts'
import { judged, login, REFUSED, UNSURE, written } from './written-history.ts'

const write = (value: string) => ({ op: 'write', credential: 'a/1', wrote: value }) as const
const read = (value: string) => ({ op: 'read', credential: 'a/1', read: value }) as const

describe('honest-acknowledgements', () => {
  it('rejects an acknowledged write that cannot be read', () => {
    const history = written([
      [0, 5, login('a')],
      [6, 7, write('1')],
      [8, 9, read('')],
    ])
    expect(judged(honestAcknowledgements, history)).toMatchObject({ verdict: 'invalid', broken: 1 })
  })

  it('rejects a refused write that can be read', () => {
    const history = written([
      [0, 5, login('a')],
      [6, 7, { ...write('1'), ...REFUSED }],
      [8, 9, read('1')],
    ])
    expect(judged(honestAcknowledgements, history)).toMatchObject({ verdict: 'invalid', broken: 1 })
  })

  it('accepts either value after a write whose answer was lost, and either of two at once', () => {
    for (const seen of ['1', '2']) {
      const lost = written([
        [0, 5, login('a')],
        [6, 7, write('1')],
        [8, 9, { ...write('2'), ...UNSURE }],
        [20, 21, read(seen)],
      ])
      const atOnce = written([
        [0, 5, login('a')],
        [6, 9, write('1')],
        [7, 8, write('2')],
        [20, 21, read(seen)],
      ])
      for (const history of [lost, atOnce])
        expect(judged(honestAcknowledgements, history)).toMatchObject({ verdict: 'valid', tested: 1 })
    }
  })

  it('looks into the credential where the client keeps the data', () => {
    const reissued = { ...write('1'), issued: { credential: 'a/2', login: 'a' } }
    const history = (seen: string, credential: string) =>
      written([
        [0, 5, login('a')],
        [6, 7, reissued],
        [8, 9, { ...read(seen), credential }],
      ])
    expect(judged(honestAcknowledgements, history('1', 'a/2'), 'jwt').verdict).toBe('valid')
    expect(judged(honestAcknowledgements, history('', 'a/2'), 'jwt').verdict).toBe('invalid')
    expect(judged(honestAcknowledgements, history('', 'a/1'), 'jwt').verdict).toBe('valid')
  })

  it('cannot say anything where nothing was read', () => {
    expect(
      judged(
        honestAcknowledgements,
        written([
          [0, 5, login('a')],
          [6, 7, write('1')],
        ]),
      ).verdict,
    ).toBe('unknown')
  })
})

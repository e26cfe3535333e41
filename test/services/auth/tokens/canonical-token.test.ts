import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isCanonicalToken } from '#services/auth/tokens/canonical-token.ts'

const bytes = fc.uint8Array({ minLength: 1, maxLength: 40 })
const text = (part: Uint8Array) => Buffer.from(part).toString('base64url')

test('a token is canonical exactly when encoding its bytes again gives the same text', () => {
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^[A-Za-z0-9_=+/-]{1,12}$/), { minLength: 3, maxLength: 3 }),
      (parts) => {
        const again = parts.map((part) => Buffer.from(part, 'base64url').toString('base64url'))
        expect(isCanonicalToken(parts.join('.'))).toBe(parts.every((part, index) => part === again[index]))
      },
    ),
    { numRuns: 2_000, seed: 1 },
  )
})

test('what base64url writes is canonical; with padding or a stray low bit it is not', () => {
  fc.assert(
    fc.property(bytes, bytes, bytes, (a, b, c) => {
      const token = [a, b, c].map(text).join('.')
      expect(isCanonicalToken(token)).toBe(true)
      expect(isCanonicalToken(`${token}=`)).toBe(false)
      const last = token.at(-1) ?? ''
      if (c.length % 3 !== 0) {
        const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
        expect(isCanonicalToken(token.slice(0, -1) + alphabet[alphabet.indexOf(last) + 1])).toBe(false)
      }
    }),
    { seed: 2 },
  )
})

test('two parts, four parts, empty parts and over-long tokens are none', () => {
  for (const token of [
    '',
    '.',
    '..',
    'AA.AA',
    'AA.AA.',
    '.AA.AA',
    'AA.AA.AA.AA',
    `AA.AA.${'A'.repeat(9_000)}`,
  ])
    expect(isCanonicalToken(token)).toBe(false)
})

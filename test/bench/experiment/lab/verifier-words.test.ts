import { expect, it } from 'vitest'
import type { LabOptions } from '#bench/experiment/lab/lab.ts'
import { verifierWords } from '#bench/experiment/lab/verifier-words.ts'

const OPTIONS = { jwtVerifier: 'jose' } as LabOptions

it('say what was done to tokens beside the library', () => {
  expect(verifierWords(OPTIONS)).toBe('jose')
  expect(verifierWords({ ...OPTIONS, jwtCache: 0 })).toBe('jose')
  expect(verifierWords({ ...OPTIONS, jwtEncrypt: true })).toMatch(/^jose, tokens encrypted/)
  expect(verifierWords({ ...OPTIONS, jwtCache: 500 })).toMatch(/up to 500 verified tokens/)
})

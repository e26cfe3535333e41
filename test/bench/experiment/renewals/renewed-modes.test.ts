import { expect, test } from 'vitest'
import { defaultRounds, pairsOf, sweepRounds } from '#bench/experiment/costs/bench-settings.ts'
import { checkPower } from '#bench/experiment/costs/check-power.ts'
import type { LabOptions } from '#bench/experiment/lab/lab.ts'
import { renewalWords } from '#bench/experiment/renewals/renewal-words.ts'
import { renewalOf, renewedArms, rollingAnyway } from '#bench/experiment/renewals/renewed-modes.ts'

test('every mode is an arm under every way of renewal; the fixed one keeps the mode’s name', () => {
  expect(renewedArms(['redis', 'jwt'], ['fixed', 'rolling'])).toEqual([
    'redis',
    'redis rolling',
    'jwt',
    'jwt rolling',
  ])
})

test('nodes are told only where a run knows more ways than one', () => {
  expect(renewalOf('rolling', ['rolling'])).toBeUndefined()
  expect(renewalOf('pair', ['pair'])).toEqual({ renewal: 'pair' })
  expect(renewalOf('rolling', ['fixed', 'rolling'])).toEqual({ renewal: 'rolling' })
})

test('what rolls in any case is measured once, and a sentence says so', () => {
  expect(renewedArms(['redis-stock'], ['fixed', 'rolling'])).toEqual(['redis-stock'])
  expect(rollingAnyway(['redis-stock'], ['fixed', 'rolling'])).toHaveLength(1)
  expect(rollingAnyway(['redis'], ['fixed', 'rolling'])).toEqual([])
})

test('more arms want more rounds', () => {
  expect(defaultRounds(['redis', 'cookie'])).toBe(8)
  expect(defaultRounds(['redis', 'cookie'], ['fixed', 'rolling', 'pair'])).toBe(12)
})

test('a sweep takes as many rounds as it needs to tell every mode from every other', () => {
  expect(sweepRounds(['redis', 'cookie', 'jwt'])).toBe(8)
  const five = ['local', 'sticky', 'redis', 'cookie', 'jwt'] as const
  // Ten pairs: in eight rounds the smallest p after Holm's correction is 0.078.
  expect(defaultRounds(five)).toBe(8)
  expect(sweepRounds(five)).toBe(12)
  expect(checkPower(8, pairsOf(five)).ok).toBe(false)
  expect(checkPower(12, pairsOf(five)).ok).toBe(true)
})

test('a result says how logins were made to last, unless they were not renewed', () => {
  const lab = { nodeEnvironment: { STILLIN_REFRESH_S: '900' } } as unknown as LabOptions
  expect(renewalWords(lab, ['fixed'])).toEqual({})
  expect(renewalWords(lab, ['fixed', 'rolling'])).toEqual({
    renewal: 'fixed and rolling; lifetime 300 s, absolute end after 900 s',
  })
})

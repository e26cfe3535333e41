import { describe, expect, it } from 'vitest'
import { renewalsOfMix } from '#bench/cli/resolve-renewals.ts'
import { EXIT } from '#contract/errors.ts'

describe('refreshes in a mix', () => {
  const mix = { lookup: 94, write: 4, refresh: 1, login: 1 }

  it('mean pairs, said or not', () => {
    expect(renewalsOfMix(mix, undefined)).toEqual(['pair'])
    expect(renewalsOfMix(mix, ['pair'])).toEqual(['pair'])
  })

  it('rule out what has no refresh token, by the names of both flags', () => {
    for (const asked of [['fixed'], ['rolling'], ['fixed', 'pair']] as const)
      expect(() => renewalsOfMix(mix, asked)).toThrow(
        expect.objectContaining({
          message: `--renewal ${asked.join(',')} and the refreshes of --mix contradict each other`,
          hint: expect.stringContaining('say --renewal pair or leave it out'),
          exitCode: EXIT.usage,
        }),
      )
  })

  it('are not read into a mix without any', () => {
    expect(renewalsOfMix({ lookup: 1 }, undefined)).toBeUndefined()
    expect(renewalsOfMix({ lookup: 1, refresh: 0 }, ['rolling'])).toEqual(['rolling'])
  })
})

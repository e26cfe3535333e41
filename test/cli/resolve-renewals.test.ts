import { describe, expect, it } from 'vitest'
import { renewalsOfMix, resolveRenewals } from '#bench/cli/resolve-renewals.ts'
import { EXIT } from '#contract/errors.ts'

const LAB_OPTIONS = {
  modes: ['redis'],
  nodes: 2,
  users: 10,
  forwarder: 'http-proxy',
  jwtAlgorithm: 'HS256',
  jwtVerifier: 'jose',
  redisUrl: undefined,
  plant: undefined,
} as const

describe('the ways of renewal of a run', () => {
  it('are those asked for, or the one of its settings', () => {
    expect(resolveRenewals({ ...LAB_OPTIONS, renewal: 'rolling' }, undefined).renewals).toEqual(['rolling'])
    const { lab, renewals } = resolveRenewals(LAB_OPTIONS, ['fixed', 'pair'])
    expect(renewals).toEqual(['fixed', 'pair'])
    expect(lab).toMatchObject({ pairs: true, renewalFlags: { renewal: 'fixed,pair' } })
  })

  it('are not known before a cluster that runs already was looked at', () => {
    expect(resolveRenewals({ ...LAB_OPTIONS, cluster: 'compose' }, undefined).renewals).toBeUndefined()
  })
})

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

import { describe, expect, it } from 'vitest'
import { resolveLoad } from '#bench/cli/load-flags.ts'
import { sweepLoad } from '#bench/cli/sweep-load.ts'
import type { LabOptions } from '#bench/experiment/lab/lab.ts'

const MODES = ['redis', 'jwt'] as const
const LAB: LabOptions = {
  modes: MODES,
  nodes: 3,
  users: 1000,
  forwarder: 'http-proxy',
  jwtAlgorithm: 'HS256',
  jwtVerifier: 'jose',
  redisUrl: undefined,
  plant: undefined,
}
const costsOf = (flags: Parameters<typeof sweepLoad>[0]) => resolveLoad(sweepLoad(flags, MODES), LAB, 1).costs

describe('the load of a sweep', () => {
  it('is of short windows at one rate unless flags say otherwise', () => {
    expect(costsOf({})).toMatchObject({ windowMs: 500, warmUpMaxMs: 2_000, ratePerS: 300, rounds: 8 })
    expect(costsOf({ windowMs: 700, rate: 50, rounds: 9 })).toMatchObject({
      windowMs: 700,
      ratePerS: 50,
      rounds: 9,
    })
  })

  it('is as thorough as --thorough says, at one rate all the same', () => {
    const costs = costsOf({ thorough: true })
    expect(costs).toMatchObject({ windowMs: 3_000, warmUpMaxMs: 3_000, rounds: 20, ratePerS: 300 })
    expect(costs.stacks).toBe(3)
    expect(costsOf({ thorough: true, windowMs: 800 }).windowMs).toBe(800)
  })

  it('takes the rounds without which no two of five modes can be told apart', () => {
    const five = ['redis', 'jwt', 'cookie', 'local', 'sticky'] as const
    expect(sweepLoad({}, five).rounds).toBe(12)
  })
})

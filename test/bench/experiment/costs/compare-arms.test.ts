import { describe, expect, it } from 'vitest'
import { compareArms, compareModes, countComparisons } from '#bench/experiment/costs/compare-arms.ts'
import { checkSaturation } from '#bench/experiment/costs/saturation.ts'
import type { WindowRow } from '#contract/result.ts'
import { windowRow } from './window-row.ts'

/** Rounds whose speed drifts, as a shared machine's does; paired ratios must not mind. */
const DRIFT = [1, 1.3, 0.9, 1.1, 1.6, 0.8, 1.2, 1.05]
const JITTER = [1, 1.01, 0.99, 1.005, 0.995, 1.012, 0.988, 1.003]

function rounds(costs: { redis: number; jwt: number; redisStore: number }): WindowRow[] {
  return DRIFT.flatMap((drift, index) => {
    const round = index + 1
    const jitter = JITTER[index] ?? 1
    const at = (point: WindowRow['point']) => [
      windowRow({ round, point, nodeUs: 20 * drift }),
      windowRow({ round, point, visit: 1, nodeUs: 20 * drift * jitter }),
      windowRow({
        round,
        point,
        arm: 'redis',
        nodeUs: costs.redis * drift,
        storeUs: costs.redisStore * drift,
      }),
      windowRow({ round, point, arm: 'jwt', nodeUs: costs.jwt * drift * jitter }),
    ]
    return [...at('saturated'), ...at('equal-rate')]
  })
}

function find(result: ReturnType<typeof compareArms>, arm: string, against: string, metric: string) {
  return result.comparisons.find(
    (one) => one.arm === arm && one.against === against && one.metric === metric && one.point === 'saturated',
  )
}

describe('the comparison of arms', () => {
  it('finds a ratio through the drift of the machine, because rounds are paired', () => {
    const result = compareArms(rounds({ redis: 40, jwt: 60, redisStore: 10 }), ['redis', 'jwt'])
    expect(find(result, 'redis', 'baseline', 'nodeCpuUs')).toMatchObject({ claimed: true, n: 8 })
    expect(find(result, 'redis', 'baseline', 'nodeCpuUs')?.ratio).toBeCloseTo(2, 1)
    expect(find(result, 'jwt', 'baseline', 'nodeCpuUs')?.ratio).toBeCloseTo(3, 1)
  })

  it('puts jwt beside redis in the CPU of node and store together', () => {
    const result = compareArms(rounds({ redis: 40, jwt: 60, redisStore: 10 }), ['redis', 'jwt'])
    expect(find(result, 'jwt', 'redis', 'serverCpuUs')?.ratio).toBeCloseTo(60 / 50, 1)
  })

  it('claims nothing where there is no difference', () => {
    const result = compareArms(rounds({ redis: 20, jwt: 20, redisStore: 0 }), ['redis', 'jwt'])
    expect(find(result, 'jwt', 'baseline', 'nodeCpuUs')?.claimed).toBe(false)
    expect(find(result, 'jwt', 'redis', 'serverCpuUs')?.claimed).toBe(false)
  })

  it('says what the two visits of the baseline differ by', () => {
    const { noise } = compareArms(rounds({ redis: 40, jwt: 60, redisStore: 10 }), ['redis', 'jwt'])
    const floor = noise.find((one) => one.metric === 'nodeCpuUs' && one.point === 'saturated')
    expect(floor?.ratio).toBeCloseTo(1, 2)
    expect(floor?.interval[0]).toBeLessThan(1)
  })

  it('claims nothing at saturation of a mode, or a baseline, whose node had rest', () => {
    const rows = rounds({ redis: 40, jwt: 60, redisStore: 10 })
    const resting = (arm: string, share: number) =>
      rows.map((row): WindowRow => (row.arm === arm ? { ...row, nodeBusy: share } : row))
    const claimed = (windows: readonly WindowRow[], point: string) =>
      compareArms(windows, ['redis', 'jwt'])
        .comparisons.filter((one) => one.metric === 'nodeCpuUs' && one.point === point && one.claimed)
        .map(({ arm }) => arm)
    expect(claimed(rows, 'saturated')).toEqual(['redis', 'jwt', 'jwt'])
    expect(claimed(resting('redis', 0.31), 'saturated')).toEqual(['jwt'])
    expect(claimed(resting('redis', 0.31), 'equal-rate')).toEqual(['redis', 'jwt', 'jwt'])
    expect(claimed(resting('baseline', 0.6), 'saturated')).toEqual(['jwt'])
    expect(checkSaturation(resting('redis', 0.31), ['redis', 'jwt'])).toMatchObject([
      { arm: 'redis', ok: false, voids: 'nothing', detail: expect.stringContaining('node busy 31 %') },
      { arm: 'jwt', ok: true },
    ])
    // As older files have it: the loop's own CPU time, which thread pools do not fill.
    const old = rows.map(({ nodeBusy: _, ...row }): WindowRow => ({ ...row, durationMs: 20 }))
    expect(checkSaturation(old, ['redis'])).toMatchObject([{ ok: true }])
    expect(
      checkSaturation(
        rows.map(({ nodeBusy: _, ...row }) => row),
        ['redis'],
      ),
    ).toMatchObject([{ ok: false }])
  })

  it('leaves a mode that was never accepted without a ratio', () => {
    const rows = rounds({ redis: 40, jwt: 60, redisStore: 10 }).map((row) =>
      row.arm === 'redis' ? { ...row, served: { ...row.served, nodeOk: 0 } } : row,
    )
    expect(find(compareArms(rows, ['redis', 'jwt']), 'redis', 'baseline', 'nodeCpuUs')).toBeUndefined()
  })

  it('puts a mode whose logins are renewed beside the same without renewal, in one family with the rest', () => {
    const windows = rounds({ redis: 40, jwt: 60, redisStore: 10 }).map(
      (row): WindowRow => (row.arm === 'jwt' ? { ...row, arm: 'redis rolling' } : row),
    )
    const arms = ['redis', 'redis rolling'] as const
    const result = compareArms(windows, arms)
    expect(find(result, 'redis rolling', 'redis', 'nodeCpuUs')?.ratio).toBeCloseTo(1.5, 1)
    expect(find(result, 'redis rolling', 'baseline', 'nodeCpuUs')?.ratio).toBeCloseTo(3, 1)
    expect(countComparisons(arms)).toBe(3)
  })
})

describe('a run over several starts of the stack', () => {
  const rowsOf = (modeUs: (stack: number) => number) =>
    Array.from({ length: 12 }, (_, index) => {
      // Two rounds of twelve turn no test of signs and ranks by themselves.
      const stack = index < 10 ? 1 : 2
      const noise = 1 + index / 1000
      return [
        windowRow({ round: index + 1, stack, nodeUs: 20 * noise }),
        windowRow({ round: index + 1, stack, visit: 1, nodeUs: 20.01 * noise }),
        windowRow({ round: index + 1, stack, arm: 'jwt', nodeUs: modeUs(stack) }),
      ]
    }).flat()
  const claimed = (modeUs: (stack: number) => number) =>
    compareArms(rowsOf(modeUs), ['jwt']).comparisons.find(
      ({ metric, point }) => metric === 'nodeCpuUs' && point === 'saturated',
    )?.claimed

  it('claims what holds in each of them, and nothing whose sign changes between them', () => {
    expect(claimed(() => 30)).toBe(true)
    expect(claimed((stack) => (stack === 1 ? 40 : 19.5))).toBe(false)
  })

  it('claims of modes among each other what holds in each start, too', () => {
    const ofModes = (modeUs: (stack: number) => number) => {
      const rows = rowsOf(modeUs)
      const redis = rowsOf(() => 30).flatMap((row): WindowRow[] =>
        row.arm === 'jwt' ? [{ ...row, arm: 'redis' }] : [],
      )
      return compareModes([...rows, ...redis], ['jwt', 'redis'], 'nodeCpuUs', 'saturated')[0]?.claimed
    }
    expect(ofModes(() => 45)).toBe(true)
    expect(ofModes((stack) => (stack === 1 ? 60 : 29))).toBe(false)
  })
})

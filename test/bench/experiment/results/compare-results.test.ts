import { describe, expect, it } from 'vitest'
import { compareResults } from '#bench/experiment/results/compare-results.ts'
import { judgeDemand, parseDemand } from '#bench/experiment/results/judge-demand.ts'
import { StillinError } from '#contract/errors.ts'
import type { RunResult, WindowRow } from '#contract/result.ts'
import { fixture } from '../../report/fixture.ts'
import { windowRow } from '../costs/window-row.ts'

const SPREAD = [1, 1.04, 0.97, 1.02, 0.99, 1.01, 0.98, 1.03]

/** A run in which `redis` cost `factor` times 40 µs on the node, give or take a few percent from round to round. */
function run(id: string, factor: number, more: Partial<RunResult> = {}, slowness = 1): RunResult {
  const windows = SPREAD.flatMap((spread, index): WindowRow[] =>
    (['saturated', 'equal-rate'] as const).flatMap((point) => {
      const redis = { round: index + 1, arm: 'redis', point, storeUs: 8 * slowness } as const
      const bare = windowRow({ round: index + 1, point, nodeUs: 20 * slowness })
      return [
        windowRow({ ...redis, nodeUs: (point === 'saturated' ? 40 : 90) * factor * slowness * spread }),
        { ...bare, cpuUs: { ...bare.cpuUs, generator: 12_000 * slowness } },
      ]
    }),
  )
  return { ...fixture({ noise: [], ...more }), id, windows, valid: true }
}

function find(a: RunResult, b: RunResult, metric: string, point = 'saturated') {
  return compareResults(a, b).differences.find(
    (one) => one.arm === 'redis' && one.metric === metric && one.point === point,
  )
}

describe('two results', () => {
  it('of one program differ in nothing that is claimed', () => {
    const { differences } = compareResults(run('a', 1), run('b', 1.005))
    expect(differences.length).toBeGreaterThan(0)
    expect(differences.filter(({ claimed }) => claimed)).toEqual([])
  })

  it('show a planted slowdown, with an interval around it', () => {
    const difference = find(run('a', 1), run('b', 1.15), 'nodeCpuUs')
    expect(difference?.ratio).toBeCloseTo(1.15, 2)
    expect(difference?.interval?.[0]).toBeGreaterThan(1)
    expect(difference?.claimed).toBe(true)
  })

  it('show nothing of a machine that was slower meanwhile, and say that it was', () => {
    const [a, b] = [run('a', 1), run('b', 1, {}, 1.4)]
    expect(find(a, b, 'nodeCpuUs')).toMatchObject({ claimed: false })
    expect(find(a, b, 'nodeCpuUs')?.ratio).toBeCloseTo(1.4, 2)
    expect(find(a, b, 'nodeCpuUs')?.atOneSpeed?.ratio).toBeCloseTo(1, 2)
    const { differences, slower, warnings } = compareResults(a, b)
    expect(differences.filter(({ claimed }) => claimed)).toEqual([])
    expect(slower?.ratio).toBeCloseTo(1.4, 2)
    expect(warnings.join()).toContain('spent 12.0 µs on a request of the baseline, and 16.8 µs')
  })

  it('show a slowdown on a machine that was slower meanwhile as large as it is', () => {
    const difference = find(run('a', 1), run('b', 1.15, {}, 1.1), 'nodeCpuUs')
    expect(difference?.atOneSpeed?.ratio).toBeCloseTo(1.15, 2)
    expect(difference?.claimed).toBe(true)
  })

  it('claim nothing where the machine’s speed is unknown', () => {
    const without = (result: RunResult) => ({
      ...result,
      windows: result.windows.filter(({ arm }) => arm !== 'baseline'),
    })
    const [a, b] = [without(run('a', 1)), without(run('b', 2))]
    expect(find(a, b, 'nodeCpuUs')).toMatchObject({ atOneSpeed: null, claimed: false })
    expect(compareResults(a, b).warnings.join()).toContain('nothing is claimed')
  })

  it('claim nothing that one of them could not tell apart in itself', () => {
    const noise = [{ metric: 'nodeCpuUs', point: 'saturated', ratio: 1, interval: [0.7, 1.3] }] as const
    expect(find(run('a', 1, { noise }), run('b', 1.15), 'nodeCpuUs')?.claimed).toBe(false)
  })

  it('taken at different rates are not compared at the equal rate', () => {
    const other = { ...fixture().configuration, ratePerS: 99 }
    const { differences, warnings } = compareResults(run('a', 1), run('b', 1, { configuration: other }))
    expect(differences.filter(({ point }) => point === 'equal-rate')).toEqual([])
    expect(warnings.join()).toContain('equal rate')
  })

  it('of different machines are refused unless forced, and then say so', () => {
    const environment = { ...fixture().environment, cpuModel: 'another' }
    const [a, b] = [run('a', 1), run('b', 1, { environment })]
    expect(() => compareResults(a, b)).toThrow(StillinError)
    expect(compareResults(a, b, true).warnings[0]).toContain('CPU')
  })

  it('without a mode in common are refused, also when forced', () => {
    const sweep = { ...run('b', 1), kind: 'sweep' as const, arms: [] }
    expect(() => compareResults(run('a', 1), sweep, true)).toThrow('b a sweep')
  })

  it('of which one is not valid are refused', () => {
    expect(() => compareResults({ ...run('a', 1), valid: false }, run('b', 1))).toThrow('a is not valid')
  })
})

describe('a demand', () => {
  const differences = compareResults(run('a', 1), run('b', 1.15)).differences

  it('fails on a claimed difference beyond its threshold, and on nothing less', () => {
    expect(judgeDemand(parseDemand('redis.cpu > +10%'), differences)).toMatchObject({ failed: true })
    expect(judgeDemand(parseDemand('redis.cpu > +20%'), differences)).toMatchObject({ failed: false })
    expect(judgeDemand(parseDemand('redis.throughput < -10%'), differences)).toMatchObject({ failed: false })
  })

  it('does not fail on noise', () => {
    const noise = compareResults(run('a', 1), run('b', 1.02)).differences
    expect(judgeDemand(parseDemand('redis.cpu > +1%'), noise)).toMatchObject({ failed: false })
  })

  it('fails where the figure is missing: a check that finds nothing to check has not passed', () => {
    expect(judgeDemand(parseDemand('jwt.cpu > +10%'), differences)).toMatchObject({ failed: true })
  })

  it.each(['redis > 10%', 'redis.speed > 10%', 'redis.cpu >= 10%', 'redis.cpu > ten', ''])(
    'that reads %j is refused, and the form is shown',
    (text) => {
      expect(() => parseDemand(text)).toThrow(StillinError)
    },
  )
})

import { describe, expect, it } from 'vitest'
import { compareResults } from '#bench/experiment/results/compare-results.ts'
import { judgeDemand, parseDemand } from '#bench/experiment/results/judge-demand.ts'
import { StillinError } from '#contract/errors.ts'
import type { RunResult, WindowRow } from '#contract/result.ts'
import { fixture } from '../../report/fixture.ts'
import { windowRow } from '../costs/window-row.ts'

const SPREAD = [1, 1.04, 0.97, 1.02, 0.99, 1.01, 0.98, 1.03]

/** A run in which `redis` cost `factor` times 40 µs on the node, give or take a few percent from round to round. */
function run(id: string, factor: number, more: Partial<RunResult> = {}): RunResult {
  const windows = SPREAD.flatMap((spread, index): WindowRow[] => [
    windowRow({ round: index + 1, arm: 'redis', nodeUs: 40 * factor * spread, storeUs: 8 }),
    windowRow({
      round: index + 1,
      arm: 'redis',
      point: 'equal-rate',
      nodeUs: 90 * factor * spread,
      storeUs: 20,
    }),
  ])
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

import { describe, expect, it } from 'vitest'
import { COMPARED, compareResults } from '#bench/experiment/results/compare-results.ts'
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
      const through = (row: WindowRow, proxyUs: number): WindowRow => ({
        ...row,
        cpuUs: { ...row.cpuUs, proxy: point === 'saturated' ? null : proxyUs * 1000 * slowness },
        served: { ...row.served, proxyOk: point === 'saturated' ? null : 1000 },
      })
      const bare = (visit: 0 | 1) => {
        const row = windowRow({ round: index + 1, visit, point, nodeUs: 20 * slowness })
        return through({ ...row, cpuUs: { ...row.cpuUs, generator: 12_000 * slowness } }, 100)
      }
      const nodeUs = (point === 'saturated' ? 40 : 90) * factor * slowness * spread
      return [through(windowRow({ ...redis, nodeUs }), 100 * factor * spread), bare(0), bare(1)]
    }),
  )
  return { ...fixture({ noise: NOISE, ...more }), id, windows, valid: true }
}

/** What the baseline differs from itself in a still run. */
const NOISE = COMPARED.filter(([metric]) => metric !== 'proxyCpuUs').map(
  ([metric, point]) => ({ metric, point, ratio: 1.002, interval: [0.99, 1.01] }) as const,
)

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

  it('claim nothing within 5 %, however narrow the interval', () => {
    const difference = find(run('a', 1), run('b', 1.04), 'nodeCpuUs')
    expect(difference?.interval?.[0]).toBeGreaterThan(1)
    expect(difference?.claimed).toBe(false)
    expect(find(run('a', 1), run('b', 1.06), 'nodeCpuUs')?.claimed).toBe(true)
  })

  it('claim nothing within what the baseline of one of them differed from itself, in a narrow interval', () => {
    const noise = [{ metric: 'nodeCpuUs', point: 'saturated', ratio: 1.2, interval: [1.19, 1.21] }] as const
    expect(find(run('a', 1, { noise }), run('b', 1.15), 'nodeCpuUs')?.claimed).toBe(false)
  })

  it('claim nothing where one of them does not know what it could not tell apart', () => {
    const short = (result: RunResult) => ({
      ...result,
      noise: [],
      windows: result.windows.filter(({ round }) => round <= 5),
    })
    const difference = find(short(run('a', 1)), short(run('b', 1.5)), 'nodeCpuUs')
    expect(difference?.interval?.[0]).toBeGreaterThan(1)
    expect(difference?.claimed).toBe(false)
    const latency = run('a', 1)
    const voided = { ...latency, noise: latency.noise.filter(({ metric }) => metric !== 'responseP50Ms') }
    const slow = run('b', 1)
    const windows = slow.windows.map(
      (row): WindowRow => ({ ...row, latencyMs: { ...row.latencyMs, responseP50: 2 } }),
    )
    const found = (a: RunResult) => find(a, { ...slow, windows }, 'responseP50Ms', 'equal-rate')
    expect(found(latency)?.claimed).toBe(true)
    expect(found(voided)?.claimed).toBe(false)
  })

  it('weigh the proxy’s CPU by what its two visits of the baseline differ', () => {
    const [a, b] = [run('a', 1), run('b', 1.15)]
    const found = (b: RunResult) => find(a, b, 'proxyCpuUs', 'equal-rate')
    expect(found(b)?.claimed).toBe(true)
    const uneven = b.windows.map(
      (row): WindowRow =>
        row.visit === 1 ? { ...row, cpuUs: { ...row.cpuUs, proxy: 1.3 * (row.cpuUs.proxy ?? 0) } } : row,
    )
    expect(found({ ...b, windows: uneven })?.claimed).toBe(false)
  })

  it('claim nothing at saturation of a mode whose node had rest in one of them, and say so', () => {
    const slow = run('b', 1.15)
    const windows = slow.windows.map((row) => (row.arm === 'redis' ? { ...row, nodeBusy: 0.31 } : row))
    const resting = { ...slow, windows }
    expect(find(run('a', 1), resting, 'nodeCpuUs')?.claimed).toBe(false)
    expect(find(run('a', 1), resting, 'proxyCpuUs', 'equal-rate')?.claimed).toBe(true)
    expect(compareResults(run('a', 1), resting).warnings.join()).toContain(
      'not saturated, redis in b: node busy 31 %',
    )
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

  it('of different systems are refused: another cluster, another limit of CPUs', () => {
    const { configuration, environment } = fixture()
    const shop = run('b', 1, { configuration: { ...configuration, cluster: 'Compose project shop' } })
    expect(() => compareResults(run('a', 1), shop)).toThrow('cluster: its own and Compose project shop')
    const limited = run('b', 1, { environment: { ...environment, cgroupCpuLimit: 1.5 } })
    expect(() => compareResults(run('a', 1), limited)).toThrow('limit of CPUs: none and 1.5')
  })

  it('name a Redis more than twice as far, and another policy for its outage', () => {
    const { configuration, environment } = fixture()
    const away = (p50: number) => ({
      ...environment,
      redis: { version: '7.0.15', origin: 'x', roundTripMs: { p50, p99: 1 } },
    })
    const warnings = (p50: number) =>
      compareResults(run('a', 1), run('b', 1, { environment: away(p50) })).warnings
    expect(warnings(0.43)).toEqual(['Redis’s round trip: 43 µs and 430 µs'])
    expect(warnings(0.02)).toEqual(['Redis’s round trip: 43 µs and 20 µs'])
    expect(warnings(0.08)).toEqual([])
    const open = run('b', 1, { configuration: { ...configuration, outage: 'open' } })
    expect(compareResults(run('a', 1), open).warnings).toEqual([
      'lookups while Redis is away: closed and open',
    ])
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

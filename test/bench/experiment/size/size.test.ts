import { describe, expect, it } from 'vitest'
import { projectSizes } from '#bench/experiment/size/project.ts'
import { renderSizing } from '#bench/report/terminal/sizing-report.ts'
import type { RunResult } from '#contract/result.ts'
import { fixture, metric } from '../../report/fixture.ts'
import { windowRow } from '../costs/window-row.ts'

const ASSUMED = { loginCpuMs: 15, sessionBytes: 500 }
const DEMANDED = { lookupsPerS: 20_000, loginsPerS: 50, sessions: 3_000_000, cores: 4, survive: 1 }

/** A run in which redis costs 60 µs of node (50 of them on the loop), 10 of store and 100 of proxy. */
function run(more: Partial<RunResult> = {}): RunResult {
  const plain = fixture({ valid: true })
  const arms = plain.arms.map((arm) =>
    arm.arm === 'redis'
      ? {
          ...arm,
          metrics: [
            metric('nodeCpuUs', 'µs', 'saturated', 60),
            metric('nodeLoopCpuUs', 'µs', 'saturated', 50),
            metric('storeCpuUs', 'µs', 'saturated', 10),
            metric('proxyCpuUs', 'µs', 'equal-rate', 100),
            metric('bytesUp', 'B', 'equal-rate', 200),
            metric('bytesDown', 'B', 'equal-rate', 300),
          ],
        }
      : arm,
  )
  return { ...plain, arms, ...more }
}

describe('a projection', () => {
  it('follows the formula', () => {
    const { projections } = projectSizes(run(), DEMANDED, ASSUMED)
    const redis = projections.find(({ mode }) => mode === 'redis')
    // 20,000 × 60 µs + 50 × 15 ms = 1.95 cores; at 0.7 of 4 cores one machine carries 2.8, and one more may be gone.
    expect(redis).toMatchObject({ machines: 2, nodes: 8, stores: 1, proxies: 3, nodeBytes: 0 })
    expect(redis?.nodeCores).toBeCloseTo(1.95)
    expect(redis?.loopShare).toBeCloseTo(0.125)
    expect(redis?.loopShareDegraded).toBeCloseTo(0.25)
    expect(redis?.waitDegradedMs).toBeCloseTo(0.05 / 3)
    expect(redis?.storeCores).toBeCloseTo(0.2)
    expect(redis?.storeBytes).toBe(1_500_000_000)
    expect(redis?.networkBitsPerS).toBe(80_000_000)
  })

  it('of logins alone is of their passwords alone', () => {
    const both = run()
    const arms = both.arms.map((arm) =>
      arm.arm === 'redis'
        ? {
            ...arm,
            metrics: [
              ...arm.metrics,
              metric('throughputPerS', '/s', 'saturated', 16_000),
              metric('goodputPerS', '/s', 'equal-rate', 1_230),
              metric('nodeCpuUs', 'µs', 'equal-rate', 200),
              metric('nodeLoopCpuUs', 'µs', 'equal-rate', 180),
              metric('storeCpuUs', 'µs', 'equal-rate', 20),
            ],
          }
        : arm,
    )
    const demanded = { ...DEMANDED, lookupsPerS: 0, loginsPerS: 5_000, survive: 0 }
    const { projections } = projectSizes({ ...both, arms }, demanded, ASSUMED)
    // 75 cores of passwords; at 0.7 of 4 cores a machine carries 2.8 of them.
    expect(projections[0]).toMatchObject({
      mode: 'redis',
      model: 'both-points',
      nodeCores: 75,
      machines: 27,
      loopShare: 0,
      waitMs: 0,
      storeCores: 0,
      proxies: 1,
      proxyCores: 0,
    })
  })

  it('is no projection where a share is no number', () => {
    const broken = run().arms.map((arm) =>
      arm.arm === 'redis'
        ? {
            ...arm,
            metrics: arm.metrics.map((one) =>
              one.name === 'nodeCpuUs' ? { ...one, value: Number.NaN } : one,
            ),
          }
        : arm,
    )
    expect(() => projectSizes(run({ arms: broken }), DEMANDED, ASSUMED)).toThrow('no finite share')
  })

  it('names the modes it cannot project, and why', () => {
    const { leftOut } = projectSizes(run(), DEMANDED, ASSUMED)
    expect(leftOut).toContain(
      'local: refuses lookups of people who are logged in wherever there is more than one node',
    )
    expect(leftOut).toContain('jwt: the run has no CPU time of its node at saturation')
  })

  it('takes no figure for an upper end at which the node had rest', () => {
    const windows = Array.from({ length: 8 }, (_, at) =>
      windowRow({ round: at + 1, arm: 'redis', nodeBusy: 0.31 }),
    )
    expect(() => projectSizes(run({ windows }), DEMANDED, ASSUMED)).toThrow(
      'redis: its node was busy for 31 % of the time where it should have been saturated',
    )
  })

  it('is refused from a run that is not valid, or holds no costs', () => {
    expect(() => projectSizes(run({ valid: false }), DEMANDED, ASSUMED)).toThrow(/is not valid/)
    const elsewhere = { ...run().configuration, store: 'postgres' as const }
    expect(() => projectSizes(run({ configuration: elsewhere }), DEMANDED, ASSUMED)).toThrow(
      /ran over postgres in Redis's place/,
    )
    expect(() => projectSizes(run({ arms: [] }), DEMANDED, ASSUMED)).toThrow(/has no arms/)
  })

  it('calls everything projected, within 100 columns', () => {
    const text = renderSizing(projectSizes(run(), DEMANDED, ASSUMED), { colour: false, width: 100 })
    expect(text).toContain('Projected for 20,000 lookups/s')
    expect(text).toContain('none was measured at that size')
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100)
  })
})

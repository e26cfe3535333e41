import { describe, expect, it } from 'vitest'
import type { CostEvidence } from '#bench/experiment/costs/measure-costs.ts'
import { stepOf } from '#bench/experiment/sweep/sweep-step.ts'
import { emptyOutcomeCounts } from '#contract/outcomes.ts'
import type { ArmResult, WindowRow } from '#contract/result.ts'
import { SWEEP_FIGURES } from '#contract/sweep.ts'
import { metric } from '../../report/fixture.ts'
import { windowRow } from '../costs/window-row.ts'

/** Eight rounds in which jwt costs and takes half of what redis does. */
function evidence(arms: { baselineLatency?: boolean; redisBusy?: number }): CostEvidence {
  const { baselineLatency = true, redisBusy = 0.97 } = arms
  const windows = Array.from({ length: 8 }, (_, at) => at + 1).flatMap((round): WindowRow[] =>
    (['saturated', 'equal-rate'] as const).flatMap((point) => {
      const at = (arm: WindowRow['arm'], times: number, visit: 0 | 1 = 0) => {
        const ms = times * (1 + round / 1_000)
        const latencyMs = { responseP50: ms, responseP99: null, serviceP50: ms, serviceP99: null }
        const nodeBusy = arm === 'redis' ? redisBusy : 0.97
        return windowRow({ round, arm, point, visit, nodeUs: 20 * ms, latencyMs, nodeBusy })
      }
      return [at('baseline', 0.5), at('baseline', 0.5, 1), at('redis', 2), at('jwt', 1)]
    }),
  )
  const armOf = (arm: ArmResult['arm']): ArmResult => ({
    arm,
    metrics: SWEEP_FIGURES.map(([name, point]) =>
      metric(name, '', point, 1, {
        valid: name !== 'responseP50Ms' || arm !== 'baseline' || baselineLatency,
      }),
    ),
    outcomes: { saturated: emptyOutcomeCounts(), 'equal-rate': emptyOutcomeCounts() },
    histograms: { responseUs: '', serviceUs: '' },
    percentiles: { response: [], service: [] },
  })
  const measured = (['baseline', 'redis', 'jwt'] as const).map(armOf)
  return { arms: measured, comparisons: [], noise: [], windows, checks: [], ratePerS: 300, leftOut: [] }
}

const claimed = (of: Parameters<typeof evidence>[0]) =>
  stepOf('payload', 512, evidence(of), null)
    .comparisons.filter((one) => one.claimed)
    .map(({ metric: name, point }) => `${name} ${point}`)

describe('a value of a sweep', () => {
  it('compares its modes in every figure', () => {
    expect(claimed({})).toEqual(SWEEP_FIGURES.map((figure) => figure.join(' ')))
  })

  it('compares no latency where the baseline’s own is void: nobody knows what it could not tell apart', () => {
    expect(claimed({ baselineLatency: false })).not.toContain('responseP50Ms equal-rate')
    expect(claimed({ baselineLatency: false })).toContain('serverCpuUs equal-rate')
  })

  it('compares at no saturated node a mode whose node had rest', () => {
    expect(claimed({ redisBusy: 0.31 })).toEqual(['serverCpuUs equal-rate', 'responseP50Ms equal-rate'])
  })
})

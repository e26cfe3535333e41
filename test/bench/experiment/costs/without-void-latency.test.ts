import { describe, expect, it } from 'vitest'
import { withoutVoidLatency } from '#bench/experiment/costs/without-void-latency.ts'
import type { Comparison, MetricName, NoiseFloor, SelfCheck } from '#contract/result.ts'

function compared(metric: MetricName, arm: Comparison['arm'], against: Comparison['arm']): Comparison {
  const figures = { ratio: 2, interval: [1.9, 2.1], p: 0.008, pHolm: 0.01, claimed: true, n: 8 } as const
  return { arm, against, metric, point: 'equal-rate', ...figures }
}

const floor = (metric: MetricName): NoiseFloor => ({
  metric,
  point: 'equal-rate',
  ratio: 1,
  interval: [0.99, 1.01],
})

const late = (arm: Comparison['arm']): SelfCheck => ({
  name: 'lateness, p99',
  ok: false,
  detail: 'too late',
  arm,
  voids: 'latency',
})

const evidence = {
  comparisons: [
    compared('responseP50Ms', 'redis', 'baseline'),
    compared('responseP50Ms', 'jwt', 'baseline'),
    compared('responseP50Ms', 'jwt', 'redis'),
    compared('nodeCpuUs', 'redis', 'baseline'),
  ],
  noise: [floor('responseP50Ms'), floor('nodeCpuUs')],
}

describe('comparisons of a latency that a check voided', () => {
  it('are left out, those against that arm too, and its CPU stays', () => {
    const { comparisons, noise } = withoutVoidLatency(evidence, [late('redis')])
    expect(comparisons.map(({ metric, arm }) => `${metric} ${arm}`)).toEqual([
      'responseP50Ms jwt',
      'nodeCpuUs redis',
    ])
    expect(noise).toHaveLength(2)
  })

  it('are none at all where it was the baseline’s', () => {
    const { comparisons, noise } = withoutVoidLatency(evidence, [late('baseline')])
    expect(comparisons.map(({ metric }) => metric)).toEqual(['nodeCpuUs'])
    expect(noise.map(({ metric }) => metric)).toEqual(['nodeCpuUs'])
  })

  it('are none at all where it was another arm’s that makes the noise floor', () => {
    const { comparisons } = withoutVoidLatency(evidence, [late('redis')], 'redis')
    expect(comparisons.map(({ metric }) => metric)).toEqual(['nodeCpuUs'])
  })

  it('stay where every check held', () => {
    expect(withoutVoidLatency(evidence, [{ ...late('redis'), ok: true }])).toEqual(evidence)
  })
})

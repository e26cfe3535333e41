import { describe, expect, it } from 'vitest'
import { sweepValues } from '#bench/cli/sweep-values.ts'
import { endsSentences } from '#bench/experiment/sweep/ends-sentences.ts'
import { relationsOf } from '#bench/experiment/sweep/relations.ts'
import { endsOf } from '#bench/experiment/sweep/sweep-ends.ts'
import { sweepSentences } from '#bench/experiment/sweep/sweep-sentences.ts'
import { chartsOf } from '#bench/report/charts/charts-of.ts'
import { renderSvg } from '#bench/report/charts/render-svg.ts'
import { renderSweep } from '#bench/report/terminal/sweep-report.ts'
import type { ModeName } from '#contract/modes.ts'
import type { Comparison, RunResult } from '#contract/result.ts'
import { SWEEP_FIGURES, type SweepEvidence, type SweepStep } from '#contract/sweep.ts'
import { fixture, metric } from '../../report/fixture.ts'
import { windowRow } from '../costs/window-row.ts'

/** A step at which jwt ÷ redis is this in every figure; undefined: jwt is not there. */
function step(value: number, ratio: number | undefined, claimed = true): SweepStep {
  const comparisons = SWEEP_FIGURES.map(
    ([name, point]): Comparison<ModeName> => ({
      arm: 'redis',
      against: 'jwt',
      metric: name,
      point,
      ratio: 1 / (ratio ?? 1),
      interval: [0.95 / (ratio ?? 1), 1.05 / (ratio ?? 1)],
      p: 0.0078,
      pHolm: 0.0078,
      claimed,
      n: 8,
    }),
  )
  const metrics = (times: number) => [
    metric('serverCpuUs', 'µs', 'saturated', 50 * times),
    metric('serverCpuUs', 'µs', 'equal-rate', 200 * times),
    metric('responseP50Ms', 'ms', 'equal-rate', 0.5 * times),
  ]
  return {
    value,
    at: value,
    ratePerS: 300,
    redisRoundTripMs: { p50: 0.03, p99: 0.2 },
    arms: [
      { arm: 'redis', metrics: metrics(1) },
      ...(ratio === undefined ? [] : [{ arm: 'jwt' as const, metrics: metrics(ratio) }]),
    ],
    comparisons: ratio === undefined ? [] : comparisons,
    noise: [],
    windows: [],
  }
}

function sweep(steps: SweepStep[]): SweepEvidence {
  return { over: 'payload', unit: 'B', steps, relations: relationsOf(steps, ['redis', 'jwt']) }
}

function resultOf(evidence: SweepEvidence): RunResult {
  const plain = fixture()
  return {
    ...plain,
    kind: 'sweep',
    arms: [],
    comparisons: [],
    noise: [],
    windows: [],
    failures: [],
    configuration: { ...plain.configuration, modes: ['redis', 'jwt'] },
    sentences: sweepSentences(evidence),
    sweep: evidence,
  }
}

const cpuSentence = (steps: SweepStep[]) => sweepSentences(sweep(steps))[1]

describe('what a sweep says', () => {
  it('names the place where the order turns, with its uncertainty and the steps it lies between', () => {
    expect(cpuSentence([step(512, 1.25), step(1024, 0.8)])).toBe(
      'In CPU of a saturated node and the store together, jwt beats redis from about 770 B of payload on (interpolated between 512 and 1,024; by the ends of the 95 % intervals: 712–827), and redis beats jwt below.',
    )
  })

  it('says so of latency, too, each figure by itself', () => {
    const latency = (steps: SweepStep[]) => sweepSentences(sweep(steps))[3]
    expect(latency([step(512, 1.25), step(1024, 0.8)])).toMatch(
      /^In median latency at the equal rate, jwt beats redis from about 770 B of payload on \(.*95 % intervals: 712–827\)/,
    )
    const far = { ...sweep([step(0.05, 1.25), step(2, 0.8)]), over: 'redis-rtt' as const }
    expect(sweepSentences(far)[3]).toContain('ms to Redis (round trip as measured) on')
  })

  it('interpolates nothing across a step at which one of the two was not measured', () => {
    const text = cpuSentence([step(0, 1.25), step(512, undefined), step(1024, 0.8)])
    expect(text).not.toContain('about')
    expect(text).toContain('between them the two are not told apart')
  })

  it('says of an order that turns twice that nobody is better from the first place on for good', () => {
    const text = cpuSentence([step(0, 1.25), step(512, 0.8), step(1024, 1.25)])
    expect(text).toContain('it turns 2 times: redis beats jwt at first, then jwt beats redis behind about')
    expect(text).toMatch(/, then redis beats jwt behind about .* between 512 and 1,024 B of payload\.$/)
    expect(text).not.toMatch(/ on \(/)
  })

  it('says that steps between are not told apart, and interpolates nothing', () => {
    const text = cpuSentence([step(0, 1.25), step(512, 1.01, false), step(1024, 0.8)])
    expect(text).toContain('redis beats jwt at 0 B of payload and the other way round at 1,024')
    expect(text).toContain('not told apart')
    expect(text).not.toContain('interpolated')
  })

  it('claims nothing beyond the values measured', () => {
    expect(cpuSentence([step(0, 0.8), step(512, 0.7)])).toContain(
      'jwt beats redis at every value measured (0 to 512 B of payload)',
    )
    expect(cpuSentence([step(0, 1, false), step(512, 1, false)])).toContain(
      'are not told apart, or not both measured, at any value',
    )
    expect(cpuSentence([step(0, 0.8), step(4096, undefined)])).toContain(
      'jwt beats redis at 0 B of payload; not told apart, or not both measured, at 4,096 B of payload',
    )
  })

  it('says of a place without a winner that a node had rest there', () => {
    const resting = (one: SweepStep): SweepStep => ({
      ...one,
      comparisons: one.comparisons.filter(({ point }) => point !== 'saturated'),
      arms: one.arms.map((arm) => ({
        ...arm,
        metrics: [...arm.metrics, metric('nodeBusyShare', 'share', 'saturated', 0.31)],
      })),
    })
    const evidence = sweep([step(0, 0.8), resting(step(4096, 0.8))])
    expect(sweepSentences(evidence)[1]).toContain(
      'jwt beats redis at 0 B of payload; not told apart, not both measured, or not both saturated, at 4,096',
    )
    expect(sweepSentences(evidence)[2]).toContain('jwt beats redis at every value measured')
    const text = renderSweep(resultOf(evidence), { colour: false, width: 100 })
    expect(text.replace(/\s+/g, ' ')).toContain('not saturated: the node was busy for 31 % of the time')
    expect(chartsOf(resultOf(evidence))[0]?.reading).toContain(
      'Not saturated: redis at 4096 (node busy 31 %)',
    )
  })

  it('fits 100 columns, and draws a curve a mode', () => {
    const result = resultOf(sweep([step(0, 0.8), step(4096, undefined)]))
    const text = renderSweep(result, { colour: false, width: 100 })
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100)
    expect(text).toContain('payload')
    const charts = chartsOf(result)
    expect(charts.map(({ id }) => id)).toContain('sweep-serverCpuUs-saturated')
    const [first] = charts
    if (first) expect(renderSvg(first, { width: 900, narrow: false })).toContain('<svg')
  })
})

describe('one mode at both ends of a sweep', () => {
  const SPREAD = [1, 1.02, 0.98, 1.01, 0.99, 1.015, 0.985, 1]
  const STILL: SweepStep['noise'] = SWEEP_FIGURES.map(([name, point]) => ({
    metric: name,
    point,
    ratio: 1.002,
    interval: [0.99, 1.01],
  }))
  /** A step whose rounds cost so much in redis and in the baseline. */
  function end(value: number, redis: number, baseline: number, noise = STILL): SweepStep {
    const windows = SPREAD.flatMap((spread, index) => [
      windowRow({ round: index + 1, arm: 'redis', nodeUs: redis * spread, storeUs: 0 }),
      windowRow({ round: index + 1, arm: 'baseline', nodeUs: baseline * spread }),
    ])
    const [first] = step(value, 1).arms
    const arms = [
      {
        arm: 'redis' as const,
        metrics: [...(first?.metrics ?? []), metric('nodeCpuUs', 'µs', 'saturated', redis)],
      },
    ]
    return { ...step(value, 1), arms, comparisons: [], windows, noise }
  }
  const ends = (steps: SweepStep[]): SweepEvidence => ({
    over: 'sessions',
    unit: '',
    steps,
    relations: [],
    ends: endsOf('sessions', steps, ['redis']),
  })
  const ofNode = ({ ends: found = [] }: SweepEvidence) => found.find((one) => one.metric === 'nodeCpuUs')

  it('is given with both figures, their intervals, the ratio and what the baseline differed by', () => {
    const evidence = ends([end(1_000, 50, 20), end(1_000_000, 60, 20.2)])
    expect(ofNode(evidence)).toMatchObject({ mode: 'redis', claimed: true })
    const [first, second] = endsSentences(evidence)
    expect(first).toContain(
      'redis at 1,000 and at 1,000,000 live sessions: CPU of a saturated node and the store 50',
    )
    expect(first).toMatch(/50\S* \(\S+–\S+\) and 60\S* \(\S+–\S+\) µs, × 1\.2\S* \(\S+–\S+\)/)
    expect(first).not.toContain('not told apart')
    expect(second).toContain('not paired: the baseline alone differed by × 1.01')
  })

  it('is not told apart where the baseline differs as much, or the stacks are as noisy', () => {
    expect(ofNode(ends([end(1_000, 50, 20), end(1_000_000, 60, 24)]))?.claimed).toBe(false)
    const noise = [
      { metric: 'nodeCpuUs' as const, point: 'saturated' as const, ratio: 1, interval: [0.7, 1.3] as const },
    ]
    expect(ofNode(ends([end(1_000, 50, 20), end(1_000_000, 60, 20, noise)]))?.claimed).toBe(false)
    expect(endsSentences(ends([end(1_000, 50, 20), end(1_000_000, 50, 20)]))[0]).toContain('not told apart')
    expect(ofNode(ends([end(1_000, 50, 20), end(1_000_000, 60, 20, [])]))?.claimed).toBe(false)
  })

  it('is told apart beyond 5 % alone', () => {
    expect(ofNode(ends([end(1_000, 50, 20), end(1_000_000, 52.1, 20)]))?.claimed).toBe(false)
    expect(ofNode(ends([end(1_000, 50, 20), end(1_000_000, 53, 20)]))?.claimed).toBe(true)
  })

  it('says nothing of a saturated node that had rest at one of them', () => {
    const far = end(1_000_000, 60, 20)
    const windows = far.windows.map((row) => (row.arm === 'redis' ? { ...row, nodeBusy: 0.31 } : row))
    const evidence = ends([end(1_000, 50, 20), { ...far, windows }])
    expect(evidence.ends?.filter(({ point }) => point === 'saturated')).toEqual([])
    expect(endsSentences(evidence).join()).not.toContain('saturated')
  })

  it('is silent on a latency of which the baseline’s own is void, at either end', () => {
    const latency = (step: SweepStep, valid: boolean, p50: number): SweepStep => ({
      ...step,
      arms: [
        ...step.arms,
        { arm: 'baseline', metrics: [metric('responseP50Ms', 'ms', 'equal-rate', 0.3, { valid })] },
      ],
      windows: SPREAD.flatMap((spread, index) =>
        (['redis', 'baseline'] as const).map((arm) => {
          const ms = (arm === 'redis' ? p50 : 0.3) * spread
          const latencyMs = { responseP50: ms, responseP99: null, serviceP50: ms, serviceP99: null }
          return windowRow({ round: index + 1, arm, point: 'equal-rate', latencyMs })
        }),
      ),
    })
    const found = (valid: boolean) => {
      const steps = [latency(end(1_000, 50, 20), true, 0.5), latency(end(1_000_000, 50, 20), valid, 1)]
      return ends(steps).ends?.find(({ metric: name }) => name === 'responseP50Ms')
    }
    expect(found(true)?.claimed).toBe(true)
    expect(found(false)).toBeUndefined()
  })

  it('is silent over what the baseline pays for, too, and over one value', () => {
    const steps = [end(1, 50, 20), end(2, 60, 20)]
    expect(endsOf('nodes', steps, ['redis'])).toEqual([])
    expect(endsOf('sessions', steps.slice(0, 1), ['redis'])).toEqual([])
  })

  it('owns that heaps are shared where only some of the modes keep sessions in the nodes', () => {
    const both = ends([end(1_000, 50, 20), end(1_000_000, 60, 20)])
    const found = both.ends ?? []
    const shared = { ...both, ends: [...found, ...found.map((one) => ({ ...one, mode: 'sticky' as const }))] }
    expect(endsSentences(shared).at(-1)).toContain('hold the sessions of sticky while')
    expect(endsSentences(both).at(-1)).not.toContain('heaps')
  })
})

describe('the values of a sweep', () => {
  it('rise, and stay within what can be run', () => {
    expect(sweepValues('payload', '0,512')).toEqual([0, 512])
    expect(sweepValues('redis-rtt', '0,0.5')).toEqual([0, 0.5])
    expect(sweepValues('jwt-alg', 'HS256,ES256')).toEqual(['HS256', 'ES256'])
    expect(() => sweepValues('payload', '512,0')).toThrow('--values must rise')
    expect(() => sweepValues('payload', '4')).toThrow('0 or at least 8')
    expect(() => sweepValues('nodes', '1.5')).toThrow('whole numbers from 1 to 16')
    expect(() => sweepValues('jwt-alg', 'none')).toThrow('some of HS256')
  })
})

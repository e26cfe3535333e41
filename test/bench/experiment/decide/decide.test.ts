import { describe, expect, it } from 'vitest'
import { decide } from '#bench/experiment/decide/decide.ts'
import { renderDecision } from '#bench/report/markdown/decision-record.ts'
import type { DecisionLimits, LimitName } from '#contract/decision.ts'
import type { ModeName } from '#contract/modes.ts'
import { emptyOutcomeCounts } from '#contract/outcomes.ts'
import type { ArmResult, RunResult, WindowRow } from '#contract/result.ts'
import { failureRun, fixture, metric } from '../../report/fixture.ts'
import { windowRow } from '../costs/window-row.ts'

const ALL_OK = { ...emptyOutcomeCounts(), ok: 9_840 }

/** Every arm answers all that is offered, and has a valid p99: what the fixture leaves open on purpose is closed. */
function sound(more: Partial<RunResult> = {}): RunResult {
  const base = fixture()
  const arms = base.arms.map(
    (arm): ArmResult => ({
      ...arm,
      metrics: [
        ...arm.metrics.filter(({ name }) => name !== 'responseP99Ms'),
        metric('responseP99Ms', 'ms', 'equal-rate', 4, { n: 1, interval: null }),
      ],
      outcomes: arm.arm === 'local' ? arm.outcomes : { ...arm.outcomes, 'equal-rate': ALL_OK },
    }),
  )
  return { ...base, arms, ...more }
}

/** Eight rounds at both points in which each arm costs its share of CPU. */
function rounds(costs: Partial<Record<'baseline' | ModeName, number>>): WindowRow[] {
  return (['saturated', 'equal-rate'] as const).flatMap((point) =>
    Array.from({ length: 8 }, (_, at) => at + 1).flatMap((round) =>
      Object.entries(costs).flatMap(([arm, us]) =>
        (arm === 'baseline' ? ([0, 1] as const) : ([0] as const)).map((visit) =>
          windowRow({
            arm: arm as ModeName,
            round,
            visit,
            point,
            cpuUs: { node: us * (1_000 + round), nodeLoop: 0, proxy: null, store: 0, generator: 0 },
            served: { nodeOk: 1_000, nodeLookups: 1_000, proxyOk: null },
          }),
        ),
      ),
    ),
  )
}

function decideOn(limits: DecisionLimits, ...results: RunResult[]) {
  return decide(
    limits,
    results.map((result, at) => ({ file: `results/${at}`, result })),
  )
}

function verdictOf(decision: ReturnType<typeof decide>, mode: ModeName, limit: LimitName) {
  return decision.judgements.find((one) => one.mode === mode && one.limit === limit)
}

describe('decide', () => {
  it('advises the one mode that is known to meet every limit', () => {
    const limits = { maxLogoutLagMs: 1_000, surviveNodeLoss: true, p99Ms: 20, lookupsPerS: 1_000 }
    const decision = decideOn(limits, sound())
    expect([decision.verdict, decision.modes]).toEqual(['chosen', ['redis']])
    expect(verdictOf(decision, 'sticky', 'survive-node-loss')?.verdict).toBe('broken')
    expect(verdictOf(decision, 'jwt', 'max-logout-lag')?.verdict).toBe('broken')
    expect(verdictOf(decision, 'local', 'lookups')?.verdict).toBe('broken')
  })

  it('rests on no cell that was not steady, though its matrix is valid', () => {
    const steady = { before: true, after: false, reason: '12 % failed' }
    const unsteady = sound({ failures: [failureRun('redis', { steady })] })
    const decision = decideOn({ maxLogoutLagMs: 1_000, surviveNodeLoss: true }, unsteady)
    expect(verdictOf(decision, 'redis', 'max-logout-lag')?.verdict).toBe('unknown')
    expect(verdictOf(decision, 'redis', 'survive-node-loss')?.verdict).toBe('unknown')
  })

  it('takes the requests of a mix for no lookups', () => {
    const mixed = sound({ configuration: { ...fixture().configuration, mix: { lookup: 90, login: 10 } } })
    const decision = decideOn({ p99Ms: 20, lookupsPerS: 1_000 }, mixed)
    expect(verdictOf(decision, 'redis', 'lookups')?.verdict).toBe('unknown')
    expect(verdictOf(decision, 'redis', 'p99')?.verdict).toBe('unknown')
  })

  it('cannot tell of logouts that were not acknowledged, nor of a node that was away', () => {
    const { revocation } = failureRun('redis')
    const judged = (more: object) =>
      verdictOf(
        decideOn(
          { maxLogoutLagMs: 1_000 },
          sound({ failures: [failureRun('redis', { revocation: { ...revocation, ...more } })] }),
        ),
        'redis',
        'max-logout-lag',
      )
    expect(judged({})?.verdict).toBe('met')
    expect(judged({ acknowledged: 5, lagsMs: [0, 0, 0, 0, 0] })).toMatchObject({
      verdict: 'unknown',
      why: '1 of 6 logouts were not acknowledged',
    })
    expect(judged({ unclear: 1 })?.verdict).toBe('unknown')
  })

  it('cannot tell where the asked rate lies outside what was measured', () => {
    const limits = { maxLogoutLagMs: 1_000, surviveNodeLoss: true, p99Ms: 20, lookupsPerS: 5_000 }
    const decision = decideOn(limits, sound())
    expect(decision.verdict).toBe('cannot-tell')
    expect(decision.modes).toContain('redis')
    expect(verdictOf(decision, 'redis', 'p99')?.why).toContain('not measured at 5,000/s')
    expect(verdictOf(decision, 'redis', 'lookups')?.why).toBe(
      '1,230/s were offered through the proxy, never 5,000/s',
    )
    expect(decision.notMeasured.join()).toContain('stillin bench --rate 5000 --modes redis,')
  })

  it('cannot tell where the nodes were asked without the proxy that users go through', () => {
    const direct = sound()
    const decision = decideOn(
      { p99Ms: 20 },
      { ...direct, configuration: { ...direct.configuration, via: 'nodes' } },
    )
    expect(decision.verdict).toBe('cannot-tell')
  })

  it('never uses a figure that is void', () => {
    const voided = verdictOf(decideOn({ p99Ms: 20 }, fixture()), 'cookie', 'p99')
    expect(voided?.verdict).toBe('unknown')
    expect(voided?.evidence).toEqual([])
    expect(voided?.why).toContain('the generator was late')
  })

  it.each([
    ['is not valid', { valid: false }],
    [
      'is of a system with a planted bug',
      { configuration: { ...fixture().configuration, plant: 'wrong-user' } },
    ],
  ])('uses nothing of a run that %s', (_what, more) => {
    const decision = decideOn({ surviveNodeLoss: true }, sound(more))
    expect(decision.verdict).toBe('cannot-tell')
    expect(decision.judgements.flatMap(({ evidence }) => evidence)).toEqual([])
    expect(decision.sources[0]?.usable).toBe(false)
  })

  it('does not take a promise for a measurement', () => {
    const decision = decideOn({ surviveNodeLoss: true }, sound({ failures: [] }))
    expect(verdictOf(decision, 'jwt', 'survive-node-loss')).toMatchObject({
      verdict: 'unknown',
      why: 'promised (always), but no usable run killed a node',
    })
    expect(verdictOf(decision, 'local', 'survive-node-loss')?.verdict).toBe('broken')
  })

  it('believes what was seen against what was promised', () => {
    const lossy = failureRun('redis')
    const survival = { ...lossy.survival, lost: 3, verdict: 'invalid' as const }
    const slow = { ...lossy.revocation, lagsMs: [0, 0, 2_400, 0, 0, 0] }
    const decision = decideOn(
      { surviveNodeLoss: true, maxLogoutLagMs: 1_000 },
      sound({ failures: [{ ...lossy, survival, revocation: slow }] }),
    )
    expect(verdictOf(decision, 'redis', 'survive-node-loss')?.verdict).toBe('broken')
    expect(verdictOf(decision, 'redis', 'max-logout-lag')).toMatchObject({
      verdict: 'broken',
      why: 'accepted for 2.4 s after the logout',
    })
  })

  it('does not call a p99 near the limit met when it has neither interval nor rounds', () => {
    expect(verdictOf(decideOn({ p99Ms: 8 }, sound()), 'redis', 'p99')?.verdict).toBe('met')
    expect(verdictOf(decideOn({ p99Ms: 5 }, sound()), 'redis', 'p99')?.verdict).toBe('unknown')
    expect(verdictOf(decideOn({ p99Ms: 3 }, sound()), 'redis', 'p99')?.verdict).toBe('broken')
  })

  it('orders by cost only where the order is claimed at both points', () => {
    const limits = { surviveNodeLoss: true }
    const apart = rounds({ baseline: 10, redis: 60, cookie: 20, jwt: 30 })
    expect(decideOn(limits, sound({ windows: apart })).modes).toEqual(['cookie'])
    const turning = apart.map((row) =>
      row.arm === 'cookie' && row.point === 'equal-rate'
        ? { ...row, cpuUs: { ...row.cpuUs, node: row.cpuUs.node * 3 } }
        : row,
    )
    const tied = decideOn(limits, sound({ windows: turning }))
    expect([tied.verdict, tied.modes]).toEqual(['tied', ['cookie', 'jwt']])
    expect(decideOn(limits, sound()).verdict).toBe('tied')
    const mixed = { ...fixture().configuration, mix: { lookup: 90, login: 10 } }
    expect(decideOn(limits, sound({ windows: apart, configuration: mixed })).verdict).toBe('tied')
  })

  it('orders nothing by a node that had rest where it should have been saturated, and says so', () => {
    const apart = rounds({ baseline: 10, redis: 60, cookie: 20, jwt: 30 })
    const resting = apart.map((row) => (row.arm === 'cookie' ? { ...row, nodeBusy: 0.31 } : row))
    const decision = decideOn({ surviveNodeLoss: true }, sound({ windows: resting }))
    expect([decision.verdict, decision.modes]).toEqual(['tied', ['cookie', 'jwt']])
    expect(decision.comparisons.map(({ arm, against, point }) => `${arm} ${against} ${point}`)).toEqual([
      'redis jwt saturated',
      'redis cookie equal-rate',
      'redis jwt equal-rate',
      'cookie jwt equal-rate',
    ])
    expect(decision.notMeasured.join()).toContain('cookie: in results/0 its node was busy for 31 %')
  })

  it('puts a kill from one file beside a rate from another, and compares no costs across them', () => {
    const bench = sound({ failures: [], windows: rounds({ baseline: 10, jwt: 30 }) })
    const decision = decideOn({ surviveNodeLoss: true, p99Ms: 20 }, bench, sound({ arms: [] }))
    expect(decision.verdict).toBe('tied')
    expect(decision.comparisons).toEqual([])
    const files = decision.judgements.flatMap(({ evidence }) => evidence.map(({ file }) => file))
    expect(new Set(files)).toEqual(new Set(['results/0', 'results/1']))
  })
})

describe('the record', () => {
  it('names choice, figure, point, file and what is open', () => {
    const limits = { maxLogoutLagMs: 1_000, surviveNodeLoss: true, p99Ms: 20, lookupsPerS: 1_000 }
    const record = renderDecision(decideOn(limits, sound()))
    expect(record).toContain('**Use `redis`**')
    expect(record).toMatch(
      /\| redis \| p99 of accepted lookups \| 4 ms \| equal-rate: 1230\/s through the proxy to 3 nodes \| 1 \| results\/0 \|/,
    )
    expect(record).toContain('a Redis that can be lost with its data')
    expect(record).toContain('`stillin chaos --fault kill-redis`')
  })

  it('says first that nobody can tell, and marks a result that was not used', () => {
    const record = renderDecision(decideOn({ p99Ms: 20 }, sound({ valid: false })))
    expect(record.indexOf('**Cannot tell.**')).toBeLessThan(record.indexOf('## Limits'))
    expect(record).toContain('**NOT USED: not valid.**')
  })
})

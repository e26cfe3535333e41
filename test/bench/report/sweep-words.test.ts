import { expect, it } from 'vitest'
import { sweepCurves } from '#bench/report/charts/sweep-curves.ts'
import { conditionsOf } from '#bench/report/story/conditions.ts'
import type { SweepEvidence, SweepStep } from '#contract/sweep.ts'
import { fixture } from './fixture.ts'

function step(value: number, p50: number | null): SweepStep {
  const redisRoundTripMs = p50 === null ? null : { p50, p99: p50 }
  const nothing = { arms: [], comparisons: [], noise: [], windows: [] }
  return { value, at: p50 ?? value, ratePerS: 300, redisRoundTripMs, ...nothing }
}
const sweepOf = (over: SweepEvidence['over'], steps: readonly SweepStep[]): SweepEvidence => ({
  over,
  unit: over === 'redis-rtt' ? 'ms' : '',
  steps,
  relations: [],
})
const saidOf = (sweep: SweepEvidence, wanted: string) =>
  conditionsOf(fixture({ sweep })).find(({ name }) => name === wanted)?.value

it('names the axis of a sweep over the way to Redis by what was measured, where its points lie', () => {
  const sweep = sweepOf('redis-rtt', [step(0, 0.043), step(2, 2.09)])
  for (const { title } of sweepCurves(fixture(), sweep))
    expect(title).toContain('round trip to Redis (p50), ms')
  const unmeasured = sweepOf('redis-rtt', [step(0, 0.043), step(2, null)])
  for (const { title } of sweepCurves(fixture(), unmeasured)) expect(title).toContain('added delay, ms')
})

it('states no single value of what was varied among the conditions', () => {
  expect(saidOf(sweepOf('redis-rtt', [step(0, 0.043), step(2, 2.09)]), 'Redis')).toContain(
    'round trip 43 µs to 2.09 ms (p50), as varied',
  )
  expect(saidOf(sweepOf('nodes', [step(1, 0.04), step(5, 0.04)]), 'Cluster')).toMatch(/^nodes as varied/)
  expect(saidOf(sweepOf('connections', [step(8, 0.04)]), 'Cluster')).toContain(', connections as varied, ')
  expect(saidOf(sweepOf('jwt-alg', [step(8, 0.04)]), 'Tokens')).toMatch(/^algorithm as varied, /)
  expect(saidOf(sweepOf('rate', [step(8, 0.04)]), 'Redis')).not.toContain('as varied')
})

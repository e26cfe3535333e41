import { expect, test } from 'vitest'
import { runSizeCheck } from '#bench/experiment/size/check/run-size-check.ts'
import { describeEnvironment } from '#bench/measure/environment.ts'
import type { RunResult } from '#contract/result.ts'
import { fixture, metric } from '../bench/report/fixture.ts'

/** A run of this machine whose figures are made up: cheap enough to be driven by any machine that runs tests. */
async function resultOfHere(): Promise<RunResult> {
  const plain = fixture({ valid: true })
  const environment = await describeEnvironment({
    root: '.',
    gitDirty: null,
    redis: null,
    forwarder: 'undici',
    loadBefore: 0,
  })
  const metrics = [
    metric('throughputPerS', '/s', 'saturated', 400),
    metric('nodeCpuUs', 'µs', 'saturated', 2_000),
    metric('nodeLoopCpuUs', 'µs', 'saturated', 2_000),
    metric('goodputPerS', '/s', 'equal-rate', 50),
    metric('nodeCpuUs', 'µs', 'equal-rate', 4_000),
    metric('nodeLoopCpuUs', 'µs', 'equal-rate', 4_000),
    metric('generatorCpuUs', 'µs', 'equal-rate', 1_000),
    metric('bytesUp', 'B', 'equal-rate', 275),
    metric('bytesDown', 'B', 'equal-rate', 375),
  ]
  const arms = plain.arms.flatMap((arm) => (arm.arm === 'cookie' ? [{ ...arm, metrics }] : []))
  const configuration = { ...plain.configuration, nodes: 1, via: 'nodes', users: 10, connections: 4 } as const
  return { ...plain, environment, arms, configuration: { ...configuration, modes: ['cookie'] } }
}

test('a check drives three shares of what is projected, and puts what it measured beside', {
  timeout: 90_000,
}, async () => {
  const result = await resultOfHere()
  const progress = { update: () => {}, note: () => {} }
  const run = await runSizeCheck(
    {
      result,
      modes: undefined,
      rounds: 1,
      windowMs: 200,
      warmUpMaxMs: 300,
      seed: 1,
      redisUrl: undefined,
      command: 'stillin size --check',
    },
    progress,
    new AbortController().signal,
  )
  expect(run.checks.filter(({ name, ok }) => name === 'canaries' && ok)).toHaveLength(1)
  const loads = run.sizeCheck?.loads ?? []
  expect(loads.map(({ mode, share }) => [mode, share])).toEqual([
    ['cookie', 0.3],
    ['cookie', 0.6],
    ['cookie', 0.8],
  ])
  const [first] = loads
  expect(first?.windows).toHaveLength(1)
  expect(first?.windows[0]?.outcomes).toMatchObject({ wrong_user: 0, unexpected_401: 0 })
  const nodeCpu = first?.figures.find(({ name }) => name === 'nodeCpuUs')
  // Void where this machine was too busy to be driven at all: then the row says so.
  if (first?.doubts.length === 0) expect(nodeCpu?.measured).toBeGreaterThan(0)
  else expect(nodeCpu?.reason).toBe(first?.doubts[0])
  // Between 4,000 µs at 50/s and 2,000 µs at 400/s, at 30 % of what the machine's cores allow.
  expect(nodeCpu?.projected['both-points']?.value).toBeGreaterThan(2_000)
  expect(nodeCpu?.projected['both-points']?.value).toBeLessThan(4_000)
})

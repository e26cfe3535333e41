import { expect, test } from 'vitest'
import type { CheckedWindow } from '#bench/measure/checked-window.ts'
import { checkGenerator } from '#bench/measure/generator-checks.ts'
import { emptyOutcomeCounts } from '#contract/outcomes.ts'
import { goodWindow } from './windows.ts'

function failures(windows: readonly CheckedWindow[]): { name: string; voids: string }[] {
  return checkGenerator(windows)
    .filter(({ ok }) => !ok)
    .map(({ name, voids }) => ({ name, voids }))
}

const closed = (changes: Partial<CheckedWindow['load']> = {}): CheckedWindow =>
  goodWindow({
    kind: 'closed',
    ticks: null,
    inFlight: [32, 32],
    latenessMs: { p50: null },
    ...changes,
  })

test('good windows pass every check', () => {
  expect(failures([goodWindow(), closed()])).toEqual([])
  expect(checkGenerator([goodWindow(), closed()])).toHaveLength(6)
})

test('a due request without an outcome voids the run, in either loop', () => {
  const outcomes = { ...emptyOutcomeCounts(), ok: 1499 }
  expect(failures([goodWindow({ outcomes })])).toEqual([{ name: 'sent = sum of outcomes', voids: 'run' }])
  expect(failures([closed({ outcomes })])).toEqual([{ name: 'sent = sum of outcomes', voids: 'run' }])
})

test('less than 99 % of the rate voids the run', () => {
  const outcomes = { ...emptyOutcomeCounts(), ok: 1480, unsent: 20 }
  expect(failures([goodWindow({ outcomes, sent: 1480 })])).toEqual([{ name: 'achieved rate', voids: 'run' }])
  const none = { intended: 0, sent: 0, outcomes: emptyOutcomeCounts() }
  expect(failures([goodWindow(none)]).map(({ name }) => name)).toContain('achieved rate')
})

test('a generator thread that uses most of a core voids the run in the open loop, and not in the closed one', () => {
  const generatorCpu = { loopUs: 810_000, elapsedUs: 1_000_000 }
  expect(failures([goodWindow(), goodWindow({ generatorCpu })])).toEqual([
    { name: 'generator has room', voids: 'run' },
  ])
  expect(failures([closed({ generatorCpu })])).toEqual([])
})

test('requests that leave late in the median void the latency', () => {
  const late = goodWindow({ latenessMs: { p50: 0.13 } })
  expect(failures([late])).toEqual([{ name: 'lateness, median', voids: 'latency' }])
  expect(failures([goodWindow({ latenessMs: { p50: null } })])).toHaveLength(1)
})

test('a late tail voids the latency where more than a quarter of the windows have it', () => {
  const late = goodWindow({ tailMs: { lateness: 2.1, response: 3 } })
  expect(failures([late, goodWindow(), goodWindow(), goodWindow()])).toEqual([])
  expect(failures([late, late, goodWindow(), goodWindow()])).toEqual([
    { name: 'lateness, p99', voids: 'latency' },
  ])
  // Where responses are slow anyway, 20 % of their p99 is allowed.
  const slow = goodWindow({ tailMs: { lateness: 2.1, response: 20 } })
  expect(failures([slow])).toEqual([])
  // A window that tells nothing of its tail is no proof that it was in time.
  const silent = goodWindow({ tailMs: { lateness: null, response: null } })
  expect(failures([silent])).toEqual([{ name: 'lateness, p99', voids: 'latency' }])
})

test('a window that lasted too long, or in which nothing kept time, voids the run', () => {
  expect(failures([goodWindow({ edgesUs: [5_000_000, 6_200_000] })])).toEqual([
    { name: 'clock', voids: 'run' },
  ])
  expect(failures([goodWindow({ edgesUs: [5_000_000, 5_000_000] })])).toEqual([
    { name: 'clock', voids: 'run' },
  ])
  expect(failures([goodWindow({ ticks: { count: 0 } })])).toEqual([{ name: 'clock', voids: 'run' }])
})

test('a run without a window proves nothing', () => {
  expect(checkGenerator([]).filter(({ ok }) => !ok)).toHaveLength(2)
})

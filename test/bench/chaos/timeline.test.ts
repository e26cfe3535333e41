import { describe, expect, it } from 'vitest'
import { binTimeline, quantile } from '../../../bench/chaos/timeline.ts'

describe('a timeline', () => {
  it('puts a request into the bin in which it was due, however late it ended', () => {
    const bins = binTimeline([{ dueUs: 1_150_000, doneUs: 1_950_000, outcome: 'ok' }], 1_000_000, 1000)
    expect(bins).toHaveLength(10)
    expect(bins[1]).toEqual({ atMs: 100, intended: 1, outcomes: { ok: 1 }, p50Ms: 800, p99Ms: 800 })
    expect(bins[9]).toMatchObject({ intended: 0, p50Ms: null })
  })

  it('takes latency from successes alone', () => {
    const bins = binTimeline(
      [
        { dueUs: 0, doneUs: 10_000, outcome: 'ok' },
        { dueUs: 0, doneUs: 100, outcome: '502_proxy' },
      ],
      0,
      100,
    )
    expect(bins[0]).toMatchObject({ intended: 2, outcomes: { ok: 1, '502_proxy': 1 }, p50Ms: 10 })
  })

  it('leaves out what was due outside the run', () => {
    const bins = binTimeline(
      [
        { dueUs: -1, doneUs: 5, outcome: 'ok' },
        { dueUs: 300_000, doneUs: 300_005, outcome: 'ok' },
      ],
      0,
      300,
    )
    expect(bins.map((bin) => bin.intended)).toEqual([0, 0, 0])
  })
})

describe('a quantile', () => {
  it('is the nearest rank, and null of nothing', () => {
    const values = Array.from({ length: 100 }, (_, index) => index + 1)
    expect(quantile(values, 0.5)).toBe(51)
    expect(quantile(values, 0.99)).toBe(100)
    expect(quantile([7], 0.99)).toBe(7)
    expect(quantile([], 0.5)).toBeNull()
  })
})

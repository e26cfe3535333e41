import { describe, expect, it } from 'vitest'
import { renderDifferences } from '#bench/report/terminal/difference-report.ts'
import { renderRuns } from '#bench/report/terminal/run-report.ts'
import { MODE_NAMES, type ModeName } from '#contract/modes.ts'
import { failureRun, fixture } from '../fixture.ts'

/** Every mode there is, with the longest names and every kind of table. */
function everyMode() {
  const base = fixture()
  const pattern = base.arms.find(({ arm }) => arm === 'jwt')
  const compared = base.comparisons.find(({ arm }) => arm === 'jwt')
  return fixture({
    arms: [...base.arms.slice(0, 1), ...MODE_NAMES.map((arm) => ({ ...pattern, arm }) as never)],
    comparisons: MODE_NAMES.map((arm: ModeName) => ({ ...compared, arm }) as never),
    failures: MODE_NAMES.map((mode) => failureRun(mode)),
  })
}

const all = everyMode()

describe('no line of a terminal report is longer than 100 columns:', () => {
  it.each([
    ['verdict', [all]],
    ['bench', [{ ...all, kind: 'bench' as const }]],
    ['chaos', [{ ...all, kind: 'chaos' as const }]],
    ['two runs', [all, fixture({ id: 'another' })]],
  ])('%s', (_what, results) => {
    const long = renderRuns(results, { colour: false, width: 200 })
      .split('\n')
      .filter((line) => line.length > 100)
    expect(long).toEqual([])
  })

  it('differences', () => {
    const differences = MODE_NAMES.map((arm) => ({
      arm,
      metric: 'responseP50Ms' as const,
      point: 'equal-rate' as const,
      a: 12_345.678,
      b: 23_456.789,
      ratio: 1.9,
      interval: [1.71, 2.11] as const,
      atOneSpeed: { ratio: 1.89, interval: [1.71, 2.11] as const },
      claimed: true,
    }))
    const ends = { a: { id: 'a', command: 'x' }, b: { id: 'b', command: 'x' } }
    const warnings = [`kernel: ${'Linux 6.18 '.repeat(20)}`]
    const text = renderDifferences(
      { ...ends, differences, slower: { ratio: 1.02, interval: [0.98, 1.06] }, warnings, demands: [] },
      { colour: false, width: 200 },
    )
    expect(text.split('\n').filter((line) => line.length > 100)).toEqual([])
  })
})

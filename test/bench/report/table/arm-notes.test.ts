import { describe, expect, it } from 'vitest'
import { cpuByTier } from '#bench/report/charts/cpu-by-tier.ts'
import { ratioForest } from '#bench/report/charts/ratio-forest.ts'
import { comparisonTable } from '#bench/report/table/comparison-table.ts'
import { costTable } from '#bench/report/table/cost-table.ts'
import type { ReportTable } from '#bench/report/table/report-table.ts'
import { fixture, metric } from '../fixture.ts'

const REFUSED = /local: 66.7 % of the lookups of logged-in users were refused at the equal rate/
const RESTED = 'redis: not saturated: the node was busy for 31 % of the time'

/** A run in which the node had rest with redis. */
const resting = fixture({
  arms: fixture().arms.map((arm) =>
    arm.arm === 'redis'
      ? { ...arm, metrics: [...arm.metrics, metric('nodeBusyShare', 'share', 'saturated', 0.31)] }
      : arm,
  ),
})

const noted = (table: ReportTable, name: string) =>
  table.rows.filter(([mode]) => mode?.text === name).map(([mode]) => mode?.notes ?? [])

describe('what must be known of an arm', () => {
  it('stands in the table of costs', () => {
    const { notes } = costTable(resting)
    expect(notes.join()).toMatch(REFUSED)
    expect(notes.join()).toContain(RESTED)
    expect(costTable(fixture()).notes.join()).not.toContain('not saturated')
  })

  it('stands at each comparison of the point that it is about, and at no other', () => {
    const table = comparisonTable(resting)
    expect(table.notes.join()).toMatch(REFUSED)
    expect(table.notes.join()).toContain(RESTED)
    // First at saturation, then at the equal rate.
    expect(noted(table, 'local').map((notes) => notes.length)).toEqual([0, 1])
    expect(noted(table, 'redis').map((notes) => notes.length)).toEqual([1, 0])
    expect(noted(table, 'jwt').map((notes) => notes.length)).toEqual([0, 0])
  })

  it('is said beside the pictures of those figures', () => {
    const forest = ratioForest(resting, 'equal-rate')
    expect(forest?.reading).toMatch(REFUSED)
    expect(forest?.data.notes.join()).toMatch(REFUSED)
    expect(ratioForest(resting, 'saturated')?.reading).toContain(RESTED)
    expect(ratioForest(resting, 'saturated')?.reading).not.toMatch(REFUSED)
    expect(cpuByTier(resting, 'equal-rate')?.reading).toMatch(REFUSED)
    expect(cpuByTier(resting, 'saturated')?.data.notes.join()).toContain(RESTED)
  })
})

describe('CPU', () => {
  it('is called that of an accepted lookup wherever it is compared', () => {
    const forest = ratioForest(fixture(), 'equal-rate')
    expect(forest?.title).toContain('Node CPU per accepted lookup')
    expect(forest?.reading).toContain('CPU per accepted lookup')
    expect(comparisonTable(fixture()).rows[0]?.[2]?.text).toBe('node CPU per accepted lookup')
    const mixed = { ...fixture().configuration, mix: { lookup: 90, login: 10 } }
    const table = comparisonTable(fixture({ configuration: mixed }))
    expect(new Set(table.rows.map((row) => row[2]?.text))).toEqual(
      new Set(['node CPU per accepted lookup', 'node CPU per accepted request of the mix']),
    )
  })
})

import { describe, expect, it } from 'vitest'
import { projectedS, stormTable } from '#bench/report/table/storm-table.ts'
import type { RunResult, StormRun } from '#contract/result.ts'

const STORM: StormRun = {
  mode: 'redis',
  users: 300,
  wipe: 'Redis emptied',
  neverOut: 0,
  neverBack: 0,
  loginsTried: 310,
  loginsFailed: 10,
  halfBackMs: 1_500,
  allBackMs: 3_000,
  nodeCpuMsEach: 12,
  nodeCoresUsed: 1.5,
}

describe('a storm of logins', () => {
  it('is projected from the CPU of one login alone', () => {
    expect(projectedS(STORM, 10_000, 4)).toBe(30)
    expect(projectedS({ ...STORM, nodeCpuMsEach: null }, 10_000, 4)).toBeNull()
  })

  it('stands in its table measured, and beside that projected', () => {
    const table = stormTable({ storms: [STORM] } as unknown as RunResult)
    expect(table.groups.map(({ head }) => head)).toEqual(['', 'measured', 'projected, 10,000 users'])
    expect(table.rows[0]?.map(({ text }) => text)).toEqual(
      expect.arrayContaining(['redis', '300', '1.50', '3', '10', '12', '30']),
    )
  })

  it('gives no time where not everybody came back', () => {
    const storms = [{ ...STORM, neverBack: 2, halfBackMs: null, allBackMs: null }]
    const [row] = stormTable({ storms } as unknown as RunResult).rows
    expect(row?.[3]?.text).toBe('–')
    expect(row?.[4]?.text).toBe('–')
  })
})

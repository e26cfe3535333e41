import { describe, expect, it } from 'vitest'
import { renderSummary } from '#bench/report/markdown/summary.ts'
import { lookupsTable } from '#bench/report/table/storm/lookups-table.ts'
import { projectionTable } from '#bench/report/table/storm/projection-table.ts'
import { stormTables } from '#bench/report/table/storm/storm-tables.ts'
import { renderRuns } from '#bench/report/terminal/run-report.ts'
import { renderStorm } from '#bench/report/terminal/storm-report.ts'
import { emptyOutcomeCounts } from '#contract/outcomes.ts'
import type { RunResult, StormCourse, StormRun } from '#contract/result.ts'
import { fixture } from '../fixture.ts'

const LOOKUPS = { intended: 1_000, outcomes: { ...emptyOutcomeCounts(), ok: 990, timeout: 10 } }
const COURSE: StormCourse = {
  limitMs: 120_000,
  back90Ms: 2_500,
  back99Ms: 2_900,
  loginsPerS: 100,
  failedTries: { '429 too_many_logins': 9, timeout: 1 },
  hashCpuMsEach: 11,
  proxyCoresUsed: 0.2,
  usersCoresUsed: 0.1,
  lookups: {
    users: 100,
    ratePerS: 200,
    before: { ...LOOKUPS, p50Ms: 1, p99Ms: 5 },
    during: { ...LOOKUPS, p50Ms: 40, p99Ms: null },
  },
  projection: { fromUsers: 300, cores: 2, allBackMs: 1_800, error: -0.4 },
  projected: [{ users: 10_000, cores: 4, allBackMs: 30_000 }],
}
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
  course: COURSE,
}

function resultOf(...storms: StormRun[]): RunResult {
  return fixture({ failures: [], arms: [], storms })
}

function textsOf(table: { rows: readonly (readonly { text: string }[])[] } | undefined): string[] {
  return table?.rows[0]?.map(({ text }) => text) ?? []
}

describe('a storm of logins', () => {
  it('stands in its tables: when who was back, who turned them away, and how those who were in fared', () => {
    const [back, cost, lookups] = stormTables(resultOf(STORM))
    expect(textsOf(back)).toEqual(['redis', 'Redis emptied', '300', '1.50', '2.50', '2.90', '3', '0', '100'])
    expect(textsOf(cost)).toEqual(expect.arrayContaining(['11', '12', '310', '10', '9', '1']))
    expect(textsOf(lookups)).toEqual(['redis', '1', '5', '1,000', '1', '40', '–', '1,000', '1', '10'])
  })

  it('says by how much the projection was wrong here, and projects other sizes', () => {
    expect(textsOf(projectionTable(resultOf(STORM)))).toEqual([
      'redis',
      '300',
      '300',
      '1.80',
      '3',
      '−40',
      '30',
    ])
  })

  it('gives no time, and no error of a projection, where not everybody came back', () => {
    const course = { ...COURSE, back99Ms: null, projection: { ...COURSE.projection, error: null } }
    const storm = { ...STORM, neverBack: 2, allBackMs: null, course } as StormRun
    const [back, , , projection] = stormTables(resultOf(storm))
    expect(textsOf(back).slice(5, 8)).toEqual(['–', '–', '2'])
    expect(textsOf(projection).slice(4, 6)).toEqual(['–', '–'])
  })

  it('counts a refusal that the mode announces as no failure', () => {
    const outcomes = { ...emptyOutcomeCounts(), ok: 300, refused_as_expected: 700 }
    const during = { intended: 1_000, outcomes, p50Ms: 1, p99Ms: null }
    const storm = { ...STORM, course: { ...COURSE, lookups: { ...COURSE.lookups, during } } }
    expect(textsOf(lookupsTable(resultOf(storm))).slice(-2)).toEqual(['700', '0'])
  })

  it('of an earlier version still has its row', () => {
    const { course: _, ...early } = STORM
    expect(stormTables(resultOf(early)).map(({ title }) => title)).toEqual([
      'Everybody logs in again',
      'What it took',
    ])
  })

  it('is in the summary and within a hundred columns of a terminal', () => {
    expect(renderSummary(resultOf(STORM))).toContain('Everybody logs in again')
    const terminal = { colour: false, width: 200 }
    expect(renderRuns([{ ...resultOf(STORM), kind: 'chaos' }], terminal)).toBe(
      renderStorm({ ...resultOf(STORM), kind: 'chaos' }, terminal),
    )
    const lines = renderStorm(resultOf(STORM), terminal).split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100)
  })
})

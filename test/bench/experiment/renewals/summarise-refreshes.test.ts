import { expect, test } from 'vitest'
import { summariseRefreshes } from '#bench/experiment/renewals/summarise-refreshes.ts'
import { firstFlaw } from '#bench/experiment/results/read-result.ts'
import { refreshTable } from '#bench/report/table/refresh-table.ts'
import type { RefreshHome } from '#contract/renewal.ts'
import type { RefreshWindowRow } from '#contract/result.ts'
import { fixture } from '../../report/fixture.ts'
import { windowRow } from '../costs/window-row.ts'

const row = (
  round: number,
  refresh: RefreshHome,
  nodeUs: number,
  storeUs: number,
): { row: RefreshWindowRow } => {
  const {
    arm: _,
    visit: __,
    latencyMs: ___,
    latenessMs: ____,
    ...window
  } = windowRow({
    round,
    nodeUs,
    storeUs,
    storeCommands: 3_000,
    setCookies: 2_000,
  })
  return { row: { ...window, mode: 'redis', refresh, point: 'saturated' } }
}

const taken = [1, 2, 3, 4, 5, 6].flatMap((round) => [
  row(round, 'store', 200 + round, 40),
  row(round, 'stateless', 150 + round, 30),
])
const evidence = summariseRefreshes(taken)

test('a refresh is counted by the successes that the node counted, over all rounds', () => {
  expect(evidence.refreshes.map(({ refresh }) => refresh)).toEqual(['stateless', 'store'])
  const figures = Object.fromEntries(
    (evidence.refreshes[1]?.metrics ?? []).map((metric) => [metric.name, metric.value]),
  )
  expect(figures).toMatchObject({ nodeCpuUs: 203.5, storeCpuUs: 40, storeCommands: 3, setCookies: 2 })
  expect(evidence.refreshes[1]?.metrics[0]?.n).toBe(6)
  expect(evidence.windows).toHaveLength(12)
})

test('a file with refreshes fits the schema, and its table has a row for each', () => {
  const result = { ...fixture(), renewals: evidence }
  expect(firstFlaw(JSON.parse(JSON.stringify(result)))).toBeUndefined()
  expect(refreshTable(result).rows.map((cells) => cells.slice(0, 2).map(({ text }) => text))).toEqual([
    ['redis', 'stateless'],
    ['redis', 'store'],
  ])
})

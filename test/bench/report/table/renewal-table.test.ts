import { expect, test } from 'vitest'
import { renewalTable } from '#bench/report/table/renewal-table.ts'
import { renewalTables } from '#bench/report/table/renewal-tables.ts'
import type { RunResult } from '#contract/result.ts'
import { fixture } from '../fixture.ts'

const plain = fixture()
const redis = plain.arms.find(({ arm }) => arm === 'redis')
if (redis === undefined) throw new Error('the fixture has no redis')
const result: RunResult = {
  ...plain,
  arms: [redis, { ...redis, arm: 'redis rolling' }],
  comparisons: [
    {
      arm: 'redis rolling',
      against: 'redis',
      metric: 'nodeCpuUs',
      point: 'saturated',
      ratio: 1.25,
      interval: [1.2, 1.31],
      p: 0.001,
      pHolm: 0.002,
      claimed: true,
      n: 8,
    },
  ],
}

test('a run that renewed nothing has no such table', () => {
  expect(renewalTables(plain)).toEqual([])
})

test('each way of renewal stands beside the same mode without, with the ratio of their paired rounds', () => {
  const { rows } = renewalTable(result)
  expect(rows.map((cells) => cells[0]?.text)).toEqual(['redis', 'redis rolling'])
  expect(rows[0]?.[1]?.text).toBe('1')
  expect(rows[1]?.[1]?.text).toMatch(/^1\.25 \(1\.2/)
})

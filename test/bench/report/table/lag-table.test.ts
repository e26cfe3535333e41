import { expect, it } from 'vitest'
import { lagTable } from '#bench/report/table/lag-table.ts'
import { createPaint } from '#bench/report/terminal/paint.ts'
import { printTable } from '#bench/report/terminal/text-table.ts'
import type { RevocationLag } from '#contract/lag.ts'

const spread = (max: number) => ({ count: 12, p50: max / 2, p99: max, max })
const lag = (facts: Partial<RevocationLag>, max = 0): RevocationLag => ({
  mode: 'redis',
  kind: 'logout',
  promise: 'always',
  boundMs: 0,
  lifetimeS: 300,
  asked: 4,
  acknowledged: 4,
  nodes: [1, 2, 3].map((id) => ({ id: `node-${id}`, lagsMs: [0, max] })),
  lag: spread(max),
  unfinished: 0,
  gap: spread(12.345),
  kept: true,
  ...facts,
})

it('the table of lags fits into 100 columns, and marks what was not kept, not acknowledged, not over', () => {
  const table = lagTable([
    lag({}),
    lag({ mode: 'jwt', kind: 'logout-all', promise: 'at-expiry', boundMs: null, lifetimeS: 2 }, 1_722),
    lag({ mode: 'redis-cached', promise: 'within-bound', boundMs: 1000, kept: false, unfinished: 2 }, 1_204),
    lag({ mode: 'local', promise: 'by-chance', boundMs: null, lifetimeS: 2, acknowledged: 1, kept: null }),
  ])
  const text = printTable(table, 100, createPaint(false))
  expect(text.split('\n').filter((line) => line.length > 100)).toEqual([])
  expect(text).toMatch(/redis +logout +12 +0 +0 +0\/0\/0 +at once/)
  expect(text).toMatch(/jwt +logout-all +12 .* at expiry, 2 s/)
  expect(text).toMatch(/\+2.*within 1000 ms !/)
  expect(text).toContain('* local, logout: 3 of 4 were not acknowledged')
})

it('gives a p99 from a thousand lags on, and no column for it where none has as many', () => {
  const heads = (rows: readonly RevocationLag[]) =>
    lagTable(rows).groups.flatMap(({ columns }) => columns.map(({ head }) => head))
  const many = lag({ lag: { count: 1_000, p50: 1, p99: 9, max: 12 } })
  expect(heads([lag({})])).not.toContain('p99')
  expect(heads([lag({}), many])).toContain('p99')
  expect(lagTable([lag({}), many]).rows.map((row) => row[4]?.text)).toEqual(['–', '9 ms'])
})

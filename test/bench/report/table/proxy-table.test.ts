import { describe, expect, it } from 'vitest'
import { proxyTable } from '#bench/report/table/proxy-table.ts'
import { renderProxies } from '#bench/report/terminal/proxies-table.ts'
import { emptyOutcomeCounts } from '#contract/outcomes.ts'
import type { Metric, ProxyArmName, ProxyArmResult, RunResult } from '#contract/result.ts'
import { fixture } from '../fixture.ts'

function arm(name: ProxyArmName, cpuUs: number | null): ProxyArmResult {
  const metric = (which: Metric['name'], value: number | null): Metric => ({
    name: which,
    value,
    unit: '',
    point: 'equal-rate',
    n: 8,
    interval: value === null ? null : [value * 0.99, value * 1.01],
    valid: true,
    ...(value === null ? { reason: 'nothing to count here' } : {}),
  })
  const metrics = [metric('proxyCpuUs', cpuUs), metric('responseP50Ms', 1.5)]
  const outcomes = { saturated: emptyOutcomeCounts(), 'equal-rate': emptyOutcomeCounts() }
  return { arm: name, version: '1.0', metrics, outcomes }
}
const result: RunResult = {
  ...fixture(),
  kind: 'proxies',
  arms: [],
  comparisons: [],
  proxies: {
    arms: [arm('direct', null), arm('undici', 45), arm('haproxy', 15)],
    comparisons: [
      {
        arm: 'undici',
        against: 'haproxy',
        metric: 'proxyCpuUs',
        point: 'equal-rate',
        ratio: 3,
        interval: [2.9, 3.1],
        p: 0.0078,
        pHolm: 0.0078,
        claimed: true,
        n: 8,
      },
    ],
    noise: [],
    windows: [],
  },
}

describe('the table of proxies', () => {
  it('has a row a proxy, with its ratio to HAProxy, and no cost where there is no proxy', () => {
    const rows = proxyTable(result).rows.map((row) => row.map(({ text }) => text))
    expect(rows.map(([name]) => name)).toEqual(['direct', 'undici', 'haproxy'])
    expect(rows[0]).not.toContain('45')
    expect(rows[1]).toContain('45.0')
    expect(rows[1]).toContain('3.00 (2.90–3.10)')
  })

  it('is printed for the terminal with the version of each', () => {
    const text = renderProxies(result, { colour: false, width: 100 })
    expect(text).toMatch(/undici\s+1\.0/)
    expect(text).toContain('× haproxy')
  })

  it('is empty for a run of another kind', () => {
    expect(proxyTable(fixture()).rows).toEqual([])
  })
})

import { describe, expect, it } from 'vitest'
import { compareProxies } from '../../../../bench/experiment/proxies/compare-proxies.ts'
import { PROXY_READINGS, perRound } from '../../../../bench/experiment/proxies/proxy-metrics.ts'
import { eightRounds, proxyRow } from './proxy-rows.ts'

describe('the CPU of a proxy per request', () => {
  it('does not depend on how late the counters were read, as long as the load went on', () => {
    const late = proxyRow('nginx', 1, null, { proxyCpu: { us: 20_000, readingsMs: 2000 } })
    expect(PROXY_READINGS.proxyCpuUs(late)).toBeCloseTo(10)
  })

  it('is unknown where there is no proxy, and where nothing succeeded', () => {
    expect(PROXY_READINGS.proxyCpuUs(proxyRow('direct', 1, null))).toBeNull()
    expect(PROXY_READINGS.proxyCpuUs(proxyRow('nginx', 1, 10, { completedOk: 0 }))).toBeNull()
  })

  it('is one value a round, the mean of its visits', () => {
    const rows = [proxyRow('undici', 1, 40), proxyRow('undici', 1, 60, { visit: 1 })]
    expect(perRound(rows, 'proxyCpuUs', 'equal-rate')).toEqual(new Map([[1, 50]]))
  })
})

describe('proxies compared', () => {
  it('stand against HAProxy, round by round, so that drift common to all cancels out', () => {
    const rows = eightRounds({ 'http-proxy': 100, undici: 45, haproxy: 15, nginx: 15.1 })
    const { comparisons } = compareProxies(rows, ['direct', 'http-proxy', 'undici', 'haproxy', 'nginx'])
    const cpu = comparisons.filter(({ metric, point }) => metric === 'proxyCpuUs' && point === 'equal-rate')
    expect(
      cpu.map(({ arm, against, ratio, claimed }) => [arm, against, Number(ratio.toFixed(1)), claimed]),
    ).toEqual([
      ['undici', 'http-proxy', 0.5, true],
      ['http-proxy', 'haproxy', 6.7, true],
      ['undici', 'haproxy', 3, true],
      ['nginx', 'haproxy', 1, false],
    ])
  })

  it('stand against nginx where there is no HAProxy, and against each other where there is neither', () => {
    const against = (costs: Parameters<typeof eightRounds>[0]): string[] => {
      const { comparisons } = compareProxies(eightRounds(costs), Object.keys(costs) as (keyof typeof costs)[])
      return [...new Set(comparisons.map((c) => `${c.arm}/${c.against}`))]
    }
    expect(against({ 'http-proxy': 100, undici: 45, nginx: 15 })).toEqual([
      'undici/http-proxy',
      'http-proxy/nginx',
      'undici/nginx',
    ])
    expect(against({ 'http-proxy': 100, undici: 45 })).toEqual(['undici/http-proxy'])
  })
})

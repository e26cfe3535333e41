import { describe, expect, it } from 'vitest'
import { armMetrics, perRound, READINGS } from '#bench/experiment/costs/arm-metrics.ts'
import { createHistogram } from '#bench/measure/histogram.ts'
import type { Metric } from '#contract/result.ts'
import { windowRow } from './window-row.ts'

const rows = Array.from({ length: 8 }, (_, index) => [
  windowRow({ round: index + 1, arm: 'redis', nodeUs: 40, storeUs: 10, storeCommands: 2000 }),
  windowRow({ round: index + 1, arm: 'redis', point: 'equal-rate', nodeUs: 90, storeUs: 20 }),
]).flat()

function histogramOf(count: number) {
  const histogram = createHistogram()
  for (let index = 0; index < count; index += 1) histogram.record(1000 + index)
  return histogram
}

function metrics(samples: number, latencyVoid?: string): (name: string, point: string) => Metric | undefined {
  const merged = { response: histogramOf(samples), service: histogramOf(samples) }
  const all = armMetrics(rows, merged, latencyVoid)
  return (name, point) => all.find((metric) => metric.name === name && metric.point === point)
}

describe('the metrics of an arm', () => {
  it('keep the two points apart', () => {
    const find = metrics(2000)
    expect(find('nodeCpuUs', 'saturated')).toMatchObject({ value: 40, n: 8, unit: 'µs', valid: true })
    expect(find('nodeCpuUs', 'equal-rate')).toMatchObject({ value: 90, n: 8 })
    expect(find('serverCpuUs', 'saturated')?.value).toBe(50)
    expect(find('storeCommands', 'saturated')?.value).toBe(2)
  })

  it('give a p99 only where the samples carry it', () => {
    expect(metrics(2000)('responseP99Ms', 'equal-rate')?.value).toBeGreaterThan(2)
    expect(metrics(900)('responseP99Ms', 'equal-rate')).toMatchObject({
      value: null,
      reason: '900 samples; p99 wants 1,000',
    })
  })

  it('void latency alone when the generator was late', () => {
    const find = metrics(2000, 'too late')
    expect(find('responseP50Ms', 'equal-rate')).toMatchObject({ valid: false, reason: 'too late' })
    expect(find('serviceP99Ms', 'equal-rate')).toMatchObject({ valid: false })
    expect(find('nodeCpuUs', 'equal-rate')?.valid).toBe(true)
  })

  it('take the mean of two visits as the value of one round', () => {
    const twice = [windowRow({ nodeUs: 10 }), windowRow({ visit: 1, nodeUs: 30 })]
    expect(perRound(twice, READINGS.nodeCpuUs, 'saturated')).toEqual([20])
  })

  it('leave out a round in which nothing was accepted, instead of dividing by nothing', () => {
    const none = [windowRow({ served: { nodeOk: 0, nodeLookups: 9, proxyOk: null } })]
    expect(perRound(none, READINGS.nodeCpuUs, 'saturated')).toEqual([])
  })
})

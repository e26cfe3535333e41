import type { Demand, ResultDifference } from '#contract/difference.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import type { MetricName, Point } from '#contract/result.ts'

/** The figures that a demand can name. */
const FIGURES: Readonly<Record<string, readonly [MetricName, Point]>> = {
  cpu: ['nodeCpuUs', 'saturated'],
  'server-cpu': ['serverCpuUs', 'saturated'],
  'proxy-cpu': ['proxyCpuUs', 'equal-rate'],
  throughput: ['throughputPerS', 'saturated'],
  p50: ['responseP50Ms', 'equal-rate'],
}

const FORM = /^([a-z-]+)\.([a-z0-9-]+)\s*([<>])\s*([+-]?\d+(?:\.\d+)?)\s*%$/

export interface ParsedDemand {
  text: string
  arm: string
  figure: readonly [MetricName, Point]
  above: boolean
  /** 0.1 for +10 %. */
  threshold: number
}

/** @throws StillinError saying what a demand looks like. */
export function parseDemand(text: string): ParsedDemand {
  const [, arm, name, sign, percent] = FORM.exec(text.trim()) ?? []
  const figure = name === undefined ? undefined : FIGURES[name]
  if (arm === undefined || figure === undefined) {
    throw new StillinError(`--fail-if ${JSON.stringify(text)} is not understood`, {
      exitCode: EXIT.usage,
      hint: `Write MODE.FIGURE > +10%, with FIGURE one of ${Object.keys(FIGURES).join(', ')}; for example "redis.cpu > +10%".`,
    })
  }
  return { text, arm, figure, above: sign === '>', threshold: Number(percent) / 100 }
}

/**
 * A demand fails on a difference that is claimed and beyond its threshold with the machine's speed divided out; neither
 * noise nor a slow hour fails anybody.
 */
export function judgeDemand(demand: ParsedDemand, differences: readonly ResultDifference[]): Demand {
  const [metric, point] = demand.figure
  const found = differences.find(
    (one) => one.arm === demand.arm && one.metric === metric && one.point === point,
  )
  if (!found) return { text: demand.text, failed: true, detail: `there is no such figure in both results` }
  const change = (found.atOneSpeed ?? found).ratio - 1
  const isBeyond = demand.above ? change > demand.threshold : change < demand.threshold
  const seen = `${change >= 0 ? '+' : ''}${(change * 100).toFixed(1)} %${found.claimed ? '' : ', not claimed'}`
  return { text: demand.text, failed: isBeyond && found.claimed, detail: seen }
}

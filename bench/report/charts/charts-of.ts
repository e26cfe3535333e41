import type { RunResult } from '#contract/result.ts'
import type { Chart } from './chart.ts'
import { cpuByTier } from './cpu-by-tier.ts'
import { failureTimeline } from './failure-timeline.ts'
import { loginsLost } from './logins-lost.ts'
import { percentileCurve } from './percentile-curve.ts'
import { ratioForest } from './ratio-forest.ts'
import { sweepCurves } from './sweep-curves.ts'

/** Chart ids name elements and files: of what a result of somebody else's names a mode, only that much. */
function plainName(mode: string): string {
  return mode.replaceAll(/[^a-z0-9-]+/gi, '-')
}

/** Every chart that this run has the figures for, in the order in which they are read. */
export function chartsOf(result: RunResult): readonly Chart[] {
  const charts = [
    cpuByTier(result, 'equal-rate'),
    cpuByTier(result, 'saturated'),
    ratioForest(result, 'saturated'),
    ratioForest(result, 'equal-rate'),
    percentileCurve(result),
    ...result.failures.map((run, at) => failureTimeline(run, `failure-${at + 1}-${plainName(run.mode)}`)),
    loginsLost(result),
    ...(result.sweep ? sweepCurves(result, result.sweep) : []),
  ]
  return charts.filter((chart) => chart !== undefined)
}

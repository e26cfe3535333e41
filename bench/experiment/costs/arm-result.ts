import { mergeEncoded } from '#bench/measure/histogram.ts'
import type { ArmName } from '#contract/modes.ts'
import { emptyOutcomeCounts, OUTCOMES, type OutcomeCounts } from '#contract/outcomes.ts'
import type { ArmResult, SelfCheck, WindowRow } from '#contract/result.ts'
import { armMetrics } from './arm-metrics.ts'
import type { TakenWindow } from './take-window.ts'

/** One arm over all rounds: metrics, outcomes, merged histograms. */
export function summariseArm(
  arm: ArmName,
  all: readonly TakenWindow[],
  checks: readonly SelfCheck[],
): ArmResult {
  const taken = all.filter(({ row }) => row.arm === arm)
  const open = taken.filter(({ row }) => row.point === 'equal-rate')
  const response = mergeEncoded(open.map(({ load }) => load.responseUs))
  const service = mergeEncoded(open.map(({ load }) => load.serviceUs))
  const voiding = checks.find((check) => !check.ok && check.voids === 'latency' && check.arm === arm)
  return {
    arm,
    metrics: armMetrics(
      taken.map(({ row }) => row),
      { response, service },
      voiding?.detail,
    ),
    outcomes: { saturated: sumOutcomes(taken, 'saturated'), 'equal-rate': sumOutcomes(taken, 'equal-rate') },
    histograms: { responseUs: response.encode(), serviceUs: service.encode() },
    percentiles: { response: response.curve(), service: service.curve() },
  }
}

function sumOutcomes(taken: readonly TakenWindow[], point: WindowRow['point']): OutcomeCounts {
  const sum = emptyOutcomeCounts()
  for (const { row } of taken) {
    if (row.point === point) for (const outcome of OUTCOMES) sum[outcome] += row.outcomes[outcome]
  }
  return sum
}

import type { DecisionEvidence } from '#contract/decision.ts'
import type { ModeName } from '#contract/modes.ts'
import type { ArmResult, MetricName, RunResult } from '#contract/result.ts'
import { pathWords, type Source } from './source.ts'

/** A mode under the open loop of one run. */
export interface RateEvidence {
  readonly file: string
  readonly result: RunResult
  readonly arm: ArmResult
  readonly ratePerS: number
}

/** Nothing where the run had no open loop, had not this mode, sent a mix, or asked the nodes without a proxy before them. */
export function armAtRate({ file, result }: Source, mode: ModeName): RateEvidence[] {
  const { ratePerS, via, mix } = result.configuration
  const arm = result.arms.find((each) => each.arm === mode)
  if (arm === undefined || ratePerS === null || via !== 'proxy' || mix !== undefined) return []
  return [{ file, result, arm, ratePerS }]
}

/** The metric as evidence; nothing where it is missing or not valid. */
export function evidenceOf(seen: RateEvidence, name: MetricName, figure: string): DecisionEvidence[] {
  const metric = seen.arm.metrics.find((each) => each.name === name && each.point === 'equal-rate')
  if (metric === undefined || metric.value === null || !metric.valid) return []
  const { value, unit, interval, n } = metric
  return [
    { figure, value, unit, interval, point: 'equal-rate', under: pathWords(seen.result), n, file: seen.file },
  ]
}

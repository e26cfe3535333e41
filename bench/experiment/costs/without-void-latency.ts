import type { Comparison, MetricName, NoiseFloor, SelfCheck } from '#contract/result.ts'

/** Nothing is compared, let alone claimed, in a latency that a check voided; with the baseline's, none is. */
export function withoutVoidLatency(
  { comparisons, noise }: { comparisons: readonly Comparison[]; noise: readonly NoiseFloor[] },
  checks: readonly SelfCheck[],
): { comparisons: readonly Comparison[]; noise: readonly NoiseFloor[] } {
  const failed = checks.filter(({ ok, voids }) => !ok && voids === 'latency')
  const isVoid = (arm: string) => failed.some((check) => check.arm === arm)
  return {
    comparisons: comparisons.filter(
      // The noise floor of every claim is the baseline's.
      ({ metric, arm, against }) => !isLatency(metric) || ![arm, against, 'baseline'].some(isVoid),
    ),
    noise: noise.filter(({ metric }) => !isLatency(metric) || !isVoid('baseline')),
  }
}

/** Of a response or of a service. */
export function isLatency(metric: MetricName): boolean {
  return /^(response|service)P/.test(metric)
}

import type { Comparison, MetricName, NoiseFloor, SelfCheck } from '#contract/result.ts'

/**
 * Nothing is compared, let alone claimed, in a latency that a check voided.
 * @param twice the arm whose two visits are the noise floor: with its latency void, no latency is compared.
 */
export function withoutVoidLatency<A extends string, N extends NoiseFloor>(
  { comparisons, noise }: { comparisons: readonly Comparison<A>[]; noise: readonly N[] },
  checks: readonly SelfCheck[],
  twice = 'baseline',
): { comparisons: readonly Comparison<A>[]; noise: readonly N[] } {
  const failed = checks.filter(({ ok, voids }) => !ok && voids === 'latency')
  const isVoid = (arm: string) => failed.some((check) => check.arm === arm)
  return {
    comparisons: comparisons.filter(
      ({ metric, arm, against }) => !isLatency(metric) || ![arm, against, twice].some(isVoid),
    ),
    noise: noise.filter(({ metric }) => !isLatency(metric) || !isVoid(twice)),
  }
}

/** Of a response or of a service. */
export function isLatency(metric: MetricName): boolean {
  return /^(response|service)P/.test(metric)
}

import { formatCount, formatTime } from '#bench/report/numbers.ts'
import type { DecisionEvidence, LimitJudgement } from '#contract/decision.ts'
import type { Mode } from '#contract/modes.ts'
import { armAtRate, evidenceOf, type RateEvidence } from './rate-evidence.ts'
import type { Source } from './source.ts'

/** A p99 without an interval is believed to lie below a limit only where it is half of it. */
const MARGIN = 0.5
const ROUNDS_MIN = 6

interface Judged {
  verdict: LimitJudgement['verdict']
  why: string
}

/**
 * p99 of accepted lookups, from the time each was due, through the proxy, at `lookupsPerS` or above.
 * A p99 that is too long at a lower rate is too long; one that is short enough there says nothing of a higher one.
 */
export function judgeLatency(
  mode: Mode,
  sources: readonly Source[],
  limitMs: number,
  lookupsPerS = 0,
): LimitJudgement {
  const seen = sources.flatMap((source) => armAtRate(source, mode.name))
  const judged = seen.map((one) => judgeOne(one, limitMs, lookupsPerS))
  const evidence = seen.flatMap((one) => evidenceOf(one, 'responseP99Ms', 'p99 of accepted lookups'))
  const pick = (verdict: LimitJudgement['verdict']) => judged.find((each) => each.verdict === verdict)
  const { verdict, why } = pick('broken') ??
    pick('met') ??
    judged[0] ?? { verdict: 'unknown', why: 'no usable run measured it through the proxy' }
  return { mode: mode.name, limit: 'p99', verdict, why, evidence }
}

function judgeOne(seen: RateEvidence, limitMs: number, lookupsPerS: number): Judged {
  const [p99] = evidenceOf(seen, 'responseP99Ms', '')
  const at = `at ${formatCount(seen.ratePerS)}/s`
  if (p99 === undefined) return { verdict: 'unknown', why: `not usable ${at}: ${whyNot(seen)}` }
  const rounds = roundP99s(seen)
  const over = rounds.filter((ms) => ms > limitMs).length
  const seenWords = words(p99, rounds, at)
  const isOver = p99.value > limitMs && (rounds.length < ROUNDS_MIN || over === rounds.length)
  const harder = lookupsPerS > 0 && seen.ratePerS > lookupsPerS
  if (isOver && !harder) return { verdict: 'broken', why: seenWords }
  if (seen.ratePerS < lookupsPerS)
    return { verdict: 'unknown', why: `${seenWords}; not measured at ${formatCount(lookupsPerS)}/s` }
  if (isOver) return { verdict: 'unknown', why: `${seenWords}, which is more than is asked for` }
  if (over > 0 || p99.value > limitMs)
    return { verdict: 'unknown', why: `${seenWords}, above the limit in ${over} of ${rounds.length} rounds` }
  if (rounds.length >= ROUNDS_MIN || p99.value <= limitMs * MARGIN) return { verdict: 'met', why: seenWords }
  return { verdict: 'unknown', why: `${seenWords}, without an interval and too near to the limit` }
}

function words({ value }: DecisionEvidence, rounds: readonly number[], at: string): string {
  const spread =
    rounds.length >= ROUNDS_MIN
      ? ` (rounds ${formatTime(Math.min(...rounds))} to ${formatTime(Math.max(...rounds))})`
      : ''
  return `${formatTime(value)}${spread} ${at}`
}

function whyNot({ arm }: RateEvidence): string {
  return arm.metrics.find(({ name }) => name === 'responseP99Ms')?.reason ?? 'there is no such figure'
}

/** Each round's own p99, where it had enough samples for one. */
function roundP99s({ result, arm }: RateEvidence): number[] {
  return result.windows
    .filter((row) => row.arm === arm.arm && row.point === 'equal-rate')
    .flatMap((row) => row.latencyMs.responseP99 ?? [])
}

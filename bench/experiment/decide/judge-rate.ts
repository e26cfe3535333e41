import { formatCount, formatPercent } from '#bench/report/numbers.ts'
import type { LimitJudgement } from '#contract/decision.ts'
import type { Mode } from '#contract/modes.ts'
import type { Outcome } from '#contract/outcomes.ts'
import type { ArmResult } from '#contract/result.ts'
import { armAtRate, evidenceOf, type RateEvidence } from './rate-evidence.ts'
import type { Source } from './source.ts'

/** Of what was offered at the rate or above, this share must have been let in. */
const ACCEPTED_SHARE = 0.999

/** Only an open loop through the proxy, at that rate or above, shows that the lookups are answered. */
export function judgeRate(mode: Mode, sources: readonly Source[], limitPerS: number): LimitJudgement {
  const seen = sources.flatMap((source) => armAtRate(source, mode.name))
  const evidence = seen.flatMap((one) => evidenceOf(one, 'goodputPerS', 'lookups accepted'))
  const judge = (verdict: LimitJudgement['verdict'], why: string): LimitJudgement => ({
    mode: mode.name,
    limit: 'lookups',
    verdict,
    why,
    evidence,
  })
  const enough = seen.filter(({ ratePerS }) => ratePerS >= limitPerS)
  // Turned away without a fault: that is the mode's way at any rate.
  const refusing = seen.find(
    ({ arm }) => share(arm, ['refused_as_expected', 'unexpected_401']) > 1 - ACCEPTED_SHARE,
  )
  if (refusing !== undefined) return judge('broken', `${shareWords(refusing)}, the others turned away`)
  const short = seen.find(({ arm }) => share(arm, ['ok']) < ACCEPTED_SHARE)
  if (short !== undefined && short.ratePerS <= limitPerS * 1.05)
    return judge('broken', `${shareWords(short)}, with no fault`)
  if (enough.length === 0) return judge('unknown', notOffered(seen, limitPerS))
  const good = enough.find(({ arm }) => share(arm, ['ok']) >= ACCEPTED_SHARE)
  if (good !== undefined) return judge('met', shareWords(good))
  const least = enough[0]
  return judge(
    'unknown',
    least === undefined ? 'not measured' : `${shareWords(least)}; not tried nearer to the limit`,
  )
}

function notOffered(seen: readonly RateEvidence[], limitPerS: number): string {
  const most = Math.max(0, ...seen.map(({ ratePerS }) => ratePerS))
  if (most === 0) return 'no usable run offered lookups through the proxy at a rate'
  return `${formatCount(most)}/s were offered through the proxy, never ${formatCount(limitPerS)}/s`
}

function shareWords({ arm, ratePerS }: RateEvidence): string {
  return `${formatPercent(share(arm, ['ok']))} % of the lookups at ${formatCount(ratePerS)}/s were accepted`
}

function share({ outcomes }: ArmResult, wanted: readonly Outcome[]): number {
  const counts = outcomes['equal-rate']
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0)
  return all === 0 ? 0 : wanted.reduce((sum, outcome) => sum + counts[outcome], 0) / all
}

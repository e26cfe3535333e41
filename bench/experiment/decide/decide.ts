import type { Decision, DecisionLimits, LimitJudgement } from '#contract/decision.ts'
import { MODE_NAMES, MODES, type ModeName } from '#contract/modes.ts'
import { compareCandidates, notUndercut } from './compare-candidates.ts'
import { judgeLatency } from './judge-latency.ts'
import { judgeLogoutLag } from './judge-logout-lag.ts'
import { judgeNodeLoss } from './judge-node-loss.ts'
import { judgeRate } from './judge-rate.ts'
import { describeSource, isUsable, type Source } from './source.ts'
import { notMeasured, wouldChange } from './what-would-change.ts'

/** Measured to show what a library's defaults lose; nobody is advised to use it. */
const FOR_COMPARISON_ONLY: readonly ModeName[] = ['redis-stock']

/**
 * Weighs every mode against the limits, on the table's promises and on what usable results measured. A mode is advised
 * only where a usable figure shows each limit met; where none does, the answer is that nobody can tell.
 */
export function decide(limits: DecisionLimits, sources: readonly Source[]): Decision {
  const usable = sources.filter(isUsable)
  const considered = MODE_NAMES.filter((name) => !FOR_COMPARISON_ONLY.includes(name))
  const judgements = considered.flatMap((name) => judgeMode(name, limits, usable))
  const of = (name: ModeName) => judgements.filter(({ mode }) => mode === name)
  const meeting = considered.filter((name) => of(name).every(({ verdict }) => verdict === 'met'))
  const possible = considered.filter((name) => of(name).every(({ verdict }) => verdict !== 'broken'))
  const comparisons = compareCandidates(meeting, usable)
  const best = notUndercut(meeting, comparisons)
  const [verdict, modes] = conclude(best, possible)
  const known = { limits, verdict, modes, judgements, comparisons, sources: sources.map(describeSource) }
  return { ...known, notMeasured: notMeasured(known, usable), wouldChange: wouldChange(known, usable) }
}

function conclude(
  best: readonly ModeName[],
  possible: readonly ModeName[],
): readonly [Decision['verdict'], readonly ModeName[]] {
  if (best.length === 1) return ['chosen', best]
  if (best.length > 1) return ['tied', best]
  return possible.length > 0 ? ['cannot-tell', possible] : ['none', []]
}

function judgeMode(name: ModeName, limits: DecisionLimits, sources: readonly Source[]): LimitJudgement[] {
  const mode = MODES[name]
  const { maxLogoutLagMs, surviveNodeLoss, p99Ms, lookupsPerS } = limits
  return [
    maxLogoutLagMs === undefined ? [] : judgeLogoutLag(mode, sources, maxLogoutLagMs),
    surviveNodeLoss ? judgeNodeLoss(mode, sources) : [],
    p99Ms === undefined ? [] : judgeLatency(mode, sources, p99Ms, lookupsPerS),
    lookupsPerS === undefined ? [] : judgeRate(mode, sources, lookupsPerS),
  ].flat()
}

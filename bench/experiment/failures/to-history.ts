import type { Sample } from '#bench/load/plan.ts'
import type { HistoryLine } from '#contract/history.ts'
import type { ModeName } from '#contract/modes.ts'
import type { Outcome } from '#contract/outcomes.ts'

/** Outcomes of requests that never reached a server. */
const NEVER_ARRIVED: readonly Outcome[] = ['unsent', 'connect_refused']
/** Outcomes of requests whose answer was not seen: they may have taken effect. */
const UNANSWERED: readonly Outcome[] = ['reset', 'aborted', 'timeout', '502_proxy']

/** The requests of a run as lines of a history, on the run's own clock. */
export function toHistory(samples: readonly Sample[], startUs: number, mode: ModeName): HistoryLine[] {
  return samples.map((sample) => ({
    seq: sample.seq,
    client: sample.user,
    user: sample.user,
    credential: `${sample.user}/1`,
    op: 'lookup',
    node: sample.node,
    mode,
    invokedUs: (sample.sentUs || sample.dueUs) - startUs,
    doneUs: (sample.doneUs || sample.dueUs) - startUs,
    outcome: sample.outcome,
    certainty: certaintyOf(sample.outcome),
    reason: sample.reason,
  }))
}

function certaintyOf(outcome: Outcome): HistoryLine['certainty'] {
  if (NEVER_ARRIVED.includes(outcome)) return 'fail'
  if (UNANSWERED.includes(outcome)) return 'unsure'
  return outcome === 'ok' || outcome === 'stale_accept' || outcome === 'wrong_user' ? 'ok' : 'fail'
}

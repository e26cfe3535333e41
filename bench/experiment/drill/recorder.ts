import type { Answer, SendFailure } from '#bench/load/send.ts'
import { classifyAnswer } from '#contract/classify.ts'
import { monotonicUs } from '#contract/clock.ts'
import { HEADERS } from '#contract/headers.ts'
import type { Certainty, HistoryLine, HistoryOperation } from '#contract/history.ts'
import type { Mode } from '#contract/modes.ts'
import type { Expectation } from '#contract/operations.ts'
import type { Outcome } from '#contract/outcomes.ts'
import { UNAVAILABLE_HEADER } from '#contract/reasons.ts'

/** Operations that leave nothing behind when they are not answered with a success. */
const LOOKING: readonly HistoryOperation[] = ['lookup', 'read', 'sessions', 'transfer']

export type Facts = Pick<HistoryLine, 'op' | 'user' | 'client'> & Partial<HistoryLine>

/** Keeps what clients see, on one clock. */
export interface Recorder {
  readonly lines: readonly HistoryLine[]
  /** µs from the start of the history. */
  nowUs(): number
  /** A request and what came of it. @param expectation what the mode's table says of the credential. */
  add(facts: Facts, result: Answer | SendFailure, expectation: Expectation): HistoryLine
  /** Something that was not a client's request; times on the monotonic clock. */
  event(facts: Facts, invokedUs: number, doneUs: number): HistoryLine
}

export function createRecorder(mode: Mode): Recorder {
  const startUs = monotonicUs()
  const lines: HistoryLine[] = []

  function keep(
    facts: Facts,
    seen: Pick<HistoryLine, 'node' | 'outcome' | 'certainty' | 'reason'>,
    times: [number, number],
  ) {
    const line: HistoryLine = {
      seq: lines.length,
      credential: '',
      mode: mode.name,
      ...seen,
      invokedUs: times[0] - startUs,
      doneUs: times[1] - startUs,
      ...facts,
    }
    lines.push(line)
    return line
  }

  return {
    lines,
    nowUs: () => monotonicUs() - startUs,
    add(facts, result, expectation) {
      const { invokedUs, doneUs } = result
      if (result.kind !== 'answer') {
        const certainty = result.kind === 'connect_refused' || result.kind === 'unsent' ? 'fail' : 'unsure'
        const seen = { node: '', outcome: result.kind, certainty, reason: result.reason } as const
        return keep(facts, seen, [invokedUs, doneUs])
      }
      const { reason, error } = (
        typeof result.body === 'object' && result.body !== null ? result.body : {}
      ) as Record<string, unknown>
      const unavailable = result.headers[UNAVAILABLE_HEADER]
      const why = String(reason ?? unavailable ?? error ?? '')
      const answer = { status: result.status, userId: facts.saw, reason: why }
      const outcome = classifyAnswer(answer, facts.saw === undefined ? undefined : facts.user, expectation)
      const seen = {
        node: String(result.headers[HEADERS.servedBy] ?? ''),
        outcome,
        certainty: certaintyOf(facts.op, outcome, result.status),
        reason: why,
      }
      return keep(facts, seen, [invokedUs, doneUs])
    },
    event: (facts, invokedUs, doneUs) =>
      keep(facts, { node: '', outcome: 'ok', certainty: 'ok', reason: '' }, [invokedUs, doneUs]),
  }
}

function certaintyOf(op: HistoryOperation, outcome: Outcome, status: number): Certainty {
  if (status < 300) return 'ok'
  if (LOOKING.includes(op)) return 'fail'
  // A refresh that is refused for the account's sake has used its token.
  if (op === 'refresh' && status !== 401) return 'unsure'
  return status < 500 && outcome !== '502_proxy' ? 'fail' : 'unsure'
}

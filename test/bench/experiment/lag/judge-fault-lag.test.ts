import { describe, expect, it } from 'vitest'
import { judgeFaultLag } from '#bench/experiment/lag/judge-fault-lag.ts'
import { endOf } from '#bench/experiment/lag/revoke.ts'
import { faultLagCells, faultLagUsers } from '#bench/experiment/lag/run-fault-lags.ts'
import type { FaultProbe, LagFault, LagKind, WatchedThroughout } from '#contract/lag.ts'
import { MODES, type ModeName } from '#contract/modes.ts'

const at = (id: string, lagMs: number, facts: Partial<WatchedThroughout> = {}): WatchedThroughout => ({
  id,
  lagMs,
  answeredMs: lagMs && lagMs + 1,
  questions: 10,
  unavailable: 0,
  unanswered: 0,
  finished: true,
  ...facts,
})
const probe = (answeredAtMs: number, ...nodes: WatchedThroughout[]): FaultProbe => ({
  kind: 'logout',
  end: 'acknowledged',
  answeredAtMs,
  nodes,
})

function judge(mode: ModeName, probes: readonly FaultProbe[], fault: LagFault = 'silent-redis') {
  const facts = { fault, part: 'node-2', lifetimeS: 5, probes }
  return judgeFaultLag(MODES[mode], facts, ['node-1', 'node-2'])
}
const verdicts = (...asked: Parameters<typeof judge>) => judge(...asked).map(({ verdict }) => verdict)

describe('revocations around a fault', () => {
  it('are told apart by whether the fault had struck when they were acknowledged, and by node', () => {
    const [before, during] = judge('redis-cached', [
      probe(-1, at('node-1', 0), at('node-2', 40)),
      probe(0, at('node-1', 0), at('node-2', 0, { unavailable: 5 })),
      { ...probe(9), end: 'refused' },
      { ...probe(9), end: 'unsure' },
    ])
    expect(before).toMatchObject({ when: 'before', ends: { acknowledged: 1 }, verdict: 'kept' })
    expect(before?.nodes).toMatchObject([
      { id: 'node-1', hit: false, lag: { count: 1, max: 0 } },
      { id: 'node-2', hit: true, lag: { count: 1, max: 40 } },
    ])
    expect(during).toMatchObject({
      ends: { acknowledged: 1, refused: 1, unsure: 1, denied: 0 },
      all: { questions: 20, unavailable: 5, lag: { count: 2, max: 0 } },
    })
  })

  it('are beyond their bound by the question, and unclear where only the answer was', () => {
    const during = (...nodes: WatchedThroughout[]) => [probe(-9, at('node-1', 0)), probe(5, ...nodes)]
    expect(verdicts('redis-cached', during(at('node-1', 1_000, { answeredMs: 1_000 })))[1]).toBe('kept')
    expect(verdicts('redis-cached', during(at('node-1', 1_001)))[1]).toBe('beyond')
    expect(verdicts('redis-cached', during(at('node-1', 900, { answeredMs: 1_900 })))[1]).toBe('cannot-tell')
    expect(verdicts('redis', during(at('node-1', 0.1)))[1]).toBe('beyond')
    expect(verdicts('jwt', during(at('node-1', 4_900)))[1]).toBe('kept')
    expect(verdicts('jwt', during(at('node-1', 5_100)))[1]).toBe('beyond')
    expect(verdicts('local', during(at('node-1', 4_900)))[1]).toBe('no-promise')
  })

  it('are unclear where a node had not refused at the end, and no lag where nothing was acknowledged', () => {
    const silent = at('node-2', 0, { finished: false, unavailable: 10 })
    expect(verdicts('redis', [probe(5, at('node-1', 0), silent)])[1]).toBe('cannot-tell')
    expect(verdicts('redis', [{ ...probe(5), end: 'refused' }])[1]).toBe('refused')
    expect(verdicts('redis', [{ ...probe(5), end: 'unsure' }])[1]).toBe('cannot-tell')
  })

  it('may be late in replicated where peers cannot hear each other, and nowhere else', () => {
    const late = [probe(5, at('node-2', 2_400))]
    expect(verdicts('replicated', late, 'partition-peers')[1]).toBe('as-declared')
    expect(verdicts('replicated', late, 'pause-node')[1]).toBe('beyond')
    expect(verdicts('redis-cached', late, 'partition-peers')[1]).toBe('beyond')
  })

  it('have a row for each promise that the mode makes', () => {
    const kinds: LagKind[][] = judge('sticky', []).map((row) => [...row.kinds])
    expect(kinds).toEqual([
      ['logout'],
      ['logout-all', 'ban', 'password', 'demotion'],
      ['logout'],
      ['logout-all', 'ban', 'password', 'demotion'],
    ])
  })
})

describe('the answer to a revocation', () => {
  const times = { invokedUs: 0, doneUs: 1 }
  const answer = (status: number) =>
    endOf({ kind: 'answer', status, headers: {}, setCookies: [], body: null, ...times })

  it('is an acknowledgement, a refusal that nobody was told of, or unsure, since it may have taken effect', () => {
    expect([204, 503, 401, 403, 500, 502, 504].map(answer)).toEqual([
      'acknowledged',
      'refused',
      'denied',
      'denied',
      'unsure',
      'unsure',
      'unsure',
    ])
    const failures = (['connect_refused', 'unsent', 'timeout', 'reset', 'aborted'] as const).map((kind) =>
      endOf({ kind, reason: '', ...times }),
    )
    expect(failures).toEqual(['refused', 'refused', 'unsure', 'unsure', 'unsure'])
  })
})

describe('the faults of a run', () => {
  it('strike where the mode’s table gives them a meaning, and are named where it does not', () => {
    const faults: LagFault[] = ['kill-node', 'silent-redis', 'rolling-restart']
    const { cells, leftOut } = faultLagCells(['redis', 'jwt'], { faults, forMs: 1_200, lifetimeS: undefined })
    expect(cells).toEqual([
      { mode: 'redis', fault: 'kill-node', forMs: 1_200, lifetimeS: 5 },
      { mode: 'redis', fault: 'silent-redis', forMs: 1_200, lifetimeS: 5 },
      { mode: 'redis', fault: 'rolling-restart', forMs: 5_000, lifetimeS: 8 },
      { mode: 'jwt', fault: 'kill-node', forMs: 1_200, lifetimeS: 5 },
      { mode: 'jwt', fault: 'rolling-restart', forMs: 5_000, lifetimeS: 8 },
    ])
    expect(leftOut).toEqual(['jwt: not around silent-redis, without a meaning there.'])
    expect(faultLagUsers(cells.length, 3)).toBe(1 + 5 * 2 * 3 * 5)
  })
})

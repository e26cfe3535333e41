import { describe, expect, it } from 'vitest'
import { outageLedger, type TimedLookup } from '#bench/experiment/failures/outage-ledger.ts'
import { outageSentences } from '#bench/experiment/failures/outage-sentences.ts'
import { outageCells } from '#bench/experiment/matrix/outage-cells.ts'
import type { OutageLedger, OutagePolicy } from '#contract/outage.ts'
import type { FailureRun } from '#contract/result.ts'

const MS = 1_000
const AWAY = { faultUs: 1_000 * MS, healBeganUs: 2_000 * MS, healUs: 2_100 * MS }
const lookup = (atMs: number, outcome: TimedLookup['outcome'], tookMs = 1, node = 'node-1'): TimedLookup => ({
  dueUs: atMs * MS,
  sentUs: atMs * MS,
  doneUs: (atMs + tookMs) * MS,
  outcome,
  node,
})
const asked = (what: 'revoked' | 'forged', atMs: number, accepted: boolean) => ({
  what,
  sentUs: atMs * MS,
  accepted,
})
const ledgerOf = (
  samples: readonly TimedLookup[],
  probes: Partial<Parameters<typeof outageLedger>[1]> = {},
  logins: Parameters<typeof outageLedger>[2] = [],
  loggedOut: Parameters<typeof outageLedger>[5] = 'refuse',
) =>
  outageLedger(samples, { asked: [], logouts: [], ...probes }, logins, ['node-1', 'node-2'], AWAY, loggedOut)

describe('the ledger of an outage', () => {
  it('counts lookups, logins and logouts that were begun while the fault was in force', () => {
    const ledger = ledgerOf(
      [
        lookup(999, '503_store', 900),
        lookup(1_000, 'ok', 3),
        lookup(1_500, '503_store', 210),
        lookup(1_999, 'timeout', 2_000),
        lookup(2_000, '503_store', 900),
      ],
      {
        logouts: [
          { sentUs: 900 * MS, end: 'acknowledged' },
          { sentUs: 1_100 * MS, end: 'refused' },
          { sentUs: 1_200 * MS, end: 'unsure' },
          { sentUs: 1_300 * MS, end: 'acknowledged' },
        ],
      },
      [
        { sentUs: 1_100 * MS, made: false },
        { sentUs: 1_900 * MS, made: true },
        { sentUs: 2_050 * MS, made: true },
      ],
    )
    expect(ledger.lookups).toEqual({ asked: 3, ok: 1, unavailable: 1, slowestMs: 2_000 })
    expect(ledger.logins).toEqual({ tried: 2, made: 1 })
    expect(ledger.logouts).toEqual({ tried: 3, acknowledged: 1, unsure: 1 })
  })

  it('keeps who was let in then from who was let in once it was healed', () => {
    const { revoked, forged, lastWrongMs } = ledgerOf([], {
      asked: [
        asked('revoked', 1_100, true),
        asked('revoked', 1_200, false),
        asked('forged', 1_300, false),
        asked('revoked', 2_050, true),
        asked('revoked', 2_140, true),
        asked('forged', 2_200, false),
      ],
    })
    expect(revoked).toEqual({ during: { asked: 2, accepted: 1 }, after: { asked: 1, accepted: 1 } })
    expect(forged).toEqual({ during: { asked: 1, accepted: 0 }, after: { asked: 1, accepted: 0 } })
    expect(lastWrongMs).toBe(40)
    const declared = ledgerOf([], { asked: [asked('revoked', 2_140, true)] }, [], 'accept')
    expect(declared).toMatchObject({ revoked: { after: { accepted: 1 } }, lastWrongMs: 0 })
  })

  it('is back when the last node has answered right, and never where one has not', () => {
    const first = lookup(2_090, 'ok', 30)
    const second = lookup(2_300, 'ok', 5, 'node-2')
    expect(ledgerOf([first, lookup(2_200, '503_store'), second])).toMatchObject({
      backMs: 205,
      lastWrongMs: 100,
    })
    expect(ledgerOf([first])).toMatchObject({ backMs: null, lastWrongMs: 0 })
  })
})

describe('the cells of --outages', () => {
  it('are seven states under three policies for mode redis, and one way for every other mode on Redis', () => {
    const cells = outageCells(['redis', 'jwt-denylist', 'jwt'], { short: false })
    expect(cells).toHaveLength(3 * 7 + 7)
    expect(cells.filter(({ mode }) => mode === 'jwt-denylist').map(({ policy }) => policy)).toEqual(
      Array(7).fill(null),
    )
    // A cluster a policy: its cells lie together, the default's last.
    expect([...new Set(cells.map(({ policy }) => policy))]).toEqual(['open', 'stale', 'closed', null])
    expect(outageCells(['redis'], { short: true })).toHaveLength(9)
    expect(outageCells(['jwt', 'local'], { short: false })).toEqual([])
  })
})

describe('the sentence of a policy', () => {
  const run = (policy: OutagePolicy | null, fault: FailureRun['fault'], facts: Partial<OutageLedger> = {}) =>
    ({
      mode: policy === null ? 'jwt-hybrid' : 'redis',
      fault,
      steady: { before: true, after: true },
      outage: {
        policy,
        lookups: { asked: 100, ok: 40, unavailable: 60, slowestMs: 9 },
        revoked: { during: { asked: 10, accepted: 3 }, after: { asked: 9, accepted: 0 } },
        forged: { during: { asked: 5, accepted: 0 }, after: { asked: 5, accepted: 0 } },
        logins: { tried: 4, made: 1 },
        logouts: { tried: 4, acknowledged: 0, unsure: 0 },
        backMs: 100,
        lastWrongMs: 120.4,
        ...facts,
      },
    }) as unknown as FailureRun

  it('speaks of the states in which Redis gave no answer, and of steady runs alone', () => {
    const unsteady = { ...run('open', 'kill-redis'), steady: { before: false, after: true } }
    const sentences = outageSentences([
      run('stale', 'kill-redis'),
      run('stale', 'silent-redis', { lastWrongMs: 0 }),
      run('stale', 'slow-redis'),
      unsteady,
    ])
    expect(sentences).toEqual([
      'redis, stale: while Redis gave no answer (kill-redis, silent-redis), 40 % of the lookups were answered; 6 of 20 questions with a revoked login were let in, and 0 of 10 with a forged one; 2 of 8 logins and 0 of 8 logouts were made; the last wrong answer was asked for 120 ms after its return.',
    ])
  })

  it('calls an accept declared where the mode promises nothing before the expiry', () => {
    expect(outageSentences([run(null, 'kill-redis')])[0]).toContain(
      'jwt-hybrid: while Redis gave no answer (kill-redis), 40 % of the lookups were answered; 3 of 10 questions with a revoked login were accepted, as declared',
    )
  })
})

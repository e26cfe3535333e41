import { describe, expect, it } from 'vitest'
import { faultSentences } from '#bench/experiment/failures/fault-sentences.ts'
import type { FailureLedger, FailureRun } from '#contract/result.ts'

const QUIET: FailureLedger = {
  logins: { tried: 8, failed: 0, triedDuringFault: 2, failedDuringFault: 0 },
  writes: { tried: 8, acknowledged: 8, lost: 0, lostWithLogin: 0 },
  falseLogouts: { users: 0, lasting: 0 },
  pinsMoved: null,
  loggedOut: { asked: 100, accepted: 0, expected: 'refuse' },
  forged: null,
  reLogins: { users: 0, cpuMsEach: 12 },
}

const STEADY: Pick<FailureRun, 'steady' | 'metrics' | 'events'> = {
  steady: { before: true, after: true },
  metrics: [],
  events: [],
}

function sentencesOf(ledger: Partial<FailureLedger>, lost = 0): string[] {
  const run = { ...STEADY, mode: 'sticky', fault: 'pause-node-long', survival: { users: 300, lost } }
  return faultSentences([{ ...run, ledger: { ...QUIET, ...ledger } } as FailureRun])
}

describe('the sentences about a fault', () => {
  it('are none where nothing was found, and none of results that kept no ledger', () => {
    expect(sentencesOf({})).toEqual([])
    expect(faultSentences([{ ...STEADY, mode: 'sticky' } as FailureRun])).toEqual([])
  })

  it('are none of a run that was not steady', () => {
    const unsteady = {
      mode: 'sticky',
      steady: { before: false, after: true },
      ledger: { ...QUIET, pinsMoved: 1 },
    }
    const ledger = { ...unsteady.ledger, falseLogouts: { users: 9, lasting: 9 } }
    expect(faultSentences([{ ...unsteady, ledger } as FailureRun])).toEqual([])
  })

  it('tell who was refused though the login lived, and that pins were moved', () => {
    const [sentence] = sentencesOf({ falseLogouts: { users: 97, lasting: 97 }, pinsMoved: 80 })
    expect(sentence).toContain('left 97 of 300 users refused after the heal though their logins lived')
    expect(sentence).toContain('80 times')
  })

  it('tell who got in only where the mode’s table says that they would be refused', () => {
    expect(sentencesOf({ loggedOut: { asked: 100, accepted: 7, expected: 'refuse' } })[0]).toContain(
      'let in 7 of 100',
    )
    const users = { asked: 6, accepted: 2 }
    const [told] = sentencesOf({ loggedOut: { asked: 100, accepted: 7, expected: 'refuse', users } })
    expect(told).toContain('let in 2 of 6 users who had logged out: 7 of 100 requests')
    expect(sentencesOf({ loggedOut: { asked: 100, accepted: 7, expected: 'accept' } })).toEqual([])
  })

  it('tell what a node that joined changed, also that it was nothing', () => {
    const accepted = { before: 0.333, during: 0.25, after: null }
    const joined = {
      node: 'node-4',
      readyMs: 1_540,
      answeredShare: 0.25,
      accepted,
      begun: { users: 12, lost: 12 },
    }
    expect(sentencesOf({ joined, pinsMoved: 0 })).toEqual([
      'With sticky, node-4 took traffic 1.5 s after it was asked for, and answered 25 % of the lookups in the second half of its stay: 0 requests failed, 0 of 300 logins lost, 0 pins moved; accepted were 33.3 % before, 25 % then, an unknown share after. Of 12 logins that began at it, 12 were lost when it was taken out.',
    ])
  })

  it('tell how long a forger was in, and what throwing them out cost', () => {
    const forged = { asked: 50, accepted: 40, acceptedForMs: 2540, acceptedAfterHealMs: 0 }
    expect(sentencesOf({ forged }, 300)[0]).toContain('for 2.5 s; the rotation logged out 300 of 300')
  })

  it('do not say that a forger got in who was refused, nor that what did not end it did', () => {
    const never = { asked: 50, accepted: 0, acceptedForMs: 0, acceptedAfterHealMs: 0 }
    expect(sentencesOf({ forged: never }, 300)[0]).toContain('was refused in all of 50 tries')
    const on = { asked: 50, accepted: 50, acceptedForMs: 6500, acceptedAfterHealMs: 4000 }
    expect(sentencesOf({ forged: on }, 300)[0]).toContain('last 4000 ms after the rotation was done')
  })
})

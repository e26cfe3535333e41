import { describe, expect, it } from 'vitest'
import { costTable } from '#bench/report/table/cost-table.ts'
import { ledgerTable } from '#bench/report/table/ledger-table.ts'
import type { FailureLedger } from '#contract/result.ts'
import { failureRun, fixture } from '../fixture.ts'

const QUIET: FailureLedger = {
  logins: { tried: 8, failed: 0, triedDuringFault: 2, failedDuringFault: 0 },
  writes: { tried: 8, acknowledged: 8, lost: 0, lostWithLogin: 0 },
  falseLogouts: { users: 0, lasting: 0 },
  pinsMoved: null,
  loggedOut: { asked: 100, accepted: 0, expected: 'refuse' },
  forged: null,
  reLogins: { users: 0, cpuMsEach: 12 },
}

describe('the words under a table', () => {
  it('explain the ratio to the baseline where it is shown, and say why where it is not', () => {
    const whole = fixture()
    expect(costTable(whole).caption.join('\n')).toContain('× baseline: node CPU against')
    const few = costTable({ ...whole, comparisons: [], noise: [] }).caption.join('\n')
    expect(few).toContain('No ratios to the baseline: too few paired rounds')
    expect(few).not.toMatch(/~|× baseline/)
  })

  it('explain moved pins where some mode has pins', () => {
    const words = (pinsMoved: number | null) => {
      const failures = [failureRun('sticky', { ledger: { ...QUIET, pinsMoved } })]
      return ledgerTable(fixture({ failures })).caption.join('\n')
    }
    expect(words(3)).toContain('Pins moved: answers by another node')
    expect(words(null)).not.toContain('Pins moved')
  })
})

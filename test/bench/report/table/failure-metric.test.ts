import { describe, expect, it } from 'vitest'
import { failureCell } from '#bench/report/table/failure-metric.ts'
import { createFootnotes } from '#bench/report/table/footnotes.ts'
import { lossTable } from '#bench/report/table/loss-table.ts'
import type { FailureRun } from '#contract/result.ts'
import { failureRun, fixture, metric } from '../fixture.ts'

const one = { n: 1, interval: null }
const recovered = (ms: number | null, more: object = {}): FailureRun =>
  failureRun('redis', { metrics: [metric('recoverMs', 'ms', 'failure', ms, { ...one, ...more })] })
const cell = (runs: readonly FailureRun[]) =>
  failureCell({ mode: 'redis', runs }, 'recoverMs', createFootnotes()).text

describe('a figure of several failure runs', () => {
  it('ends at never where one of them never recovered', () => {
    expect(cell([recovered(700), recovered(1200)])).toBe('700–1,200')
    expect(cell([recovered(700), recovered(null, { reason: 'never within the run' })])).toBe('700–never')
  })

  it('is a dash, and no never, where there was nothing to wait for', () => {
    expect(cell([recovered(null, { valid: false, reason: 'healing logs everybody out' })])).toBe('–')
  })
})

describe('the logouts of several runs', () => {
  it('stand with the worst of them, whichever run it was', () => {
    const { revocation } = failureRun('redis')
    const slow = failureRun('redis', { revocation: { ...revocation, lagsMs: [0, 0, 420, 0, 0, 0] } })
    const table = lossTable(fixture({ failures: [failureRun('redis'), slow, failureRun('redis')] }))
    expect(table.rows[0]?.at(-1)?.text).toContain('420 ms')
  })
})

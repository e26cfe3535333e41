import { describe, expect, it } from 'vitest'
import { measureRecovery } from '../../../bench/chaos/recovery.ts'
import type { TimedOutcome } from '../../../bench/chaos/timeline.ts'
import type { Outcome } from '../../../contract/outcomes.ts'

const window = { startUs: 0, faultUs: 4_000_000, endUs: 10_000_000, ratePerS: 100 }

/** 100 requests a second for 10 s, each with the outcome and the response time (ms) that the function gives its due time. */
function run(at: (ms: number, index: number) => { outcome: Outcome; tookMs?: number }): TimedOutcome[] {
  return Array.from({ length: 1000 }, (_, index) => {
    const { outcome, tookMs = 1 } = at(index * 10, index)
    return { dueUs: index * 10_000, doneUs: index * 10_000 + tookMs * 1000, outcome }
  })
}

describe('recovery from a fault', () => {
  it('is immediate, and nothing is lost, when nothing fails', () => {
    const recovery = measureRecovery(
      run(() => ({ outcome: 'ok' })),
      window,
    )
    expect(recovery).toMatchObject({
      availability: 1,
      lostRequestSeconds: 0,
      recoverMs: 0,
      failedRequests: 0,
    })
  })

  it('begins where the errors end', () => {
    const recovery = measureRecovery(
      run((ms) => ({ outcome: ms >= 4000 && ms < 5500 ? 'reset' : 'ok' })),
      window,
    )
    expect(recovery.recoverMs).toBe(1500)
    expect(recovery.failedRequests).toBe(150)
    expect(recovery.lostRequestSeconds).toBeCloseTo(1.5, 6)
    expect(recovery.availability).toBeCloseTo(0.85, 6)
  })

  it('waits for the latency to come back too', () => {
    const recovery = measureRecovery(
      run((ms) => ({ outcome: 'ok', tookMs: ms >= 4000 && ms < 6000 ? 50 : 1 })),
      window,
    )
    expect(recovery.recoverMs).toBe(2000)
    expect(recovery.failedRequests).toBe(0)
  })

  it('never comes where a share of the users stays out', () => {
    const recovery = measureRecovery(
      run((ms, index) => ({ outcome: ms >= 4000 && index % 3 === 0 ? 'unexpected_401' : 'ok' })),
      window,
    )
    expect(recovery.recoverMs).toBeNull()
  })

  it('is measured against the level before the fault where acceptance is a matter of chance', () => {
    const recovery = measureRecovery(
      run((_, index) => ({ outcome: index % 3 === 0 ? 'ok' : 'refused_as_expected' })),
      window,
    )
    expect(recovery.recoverMs).toBe(0)
    expect(recovery.availabilityBefore).toBeCloseTo(1 / 3, 2)
    expect(recovery.failedRequests).toBe(0)
  })

  it('is none while the outage is yet to come, as where a cache answers for a while', () => {
    const recovery = measureRecovery(
      run((ms) => ({ outcome: ms >= 6000 && ms < 7000 ? '503_store' : 'ok' })),
      window,
    )
    expect(recovery.recoverMs).toBe(3000)
  })

  it('counts no loss where acceptance is a matter of chance and stays what it was', () => {
    let state = 1
    const chance = () => {
      state = (state * 48271) % 2147483647
      return state / 2147483647
    }
    const recovery = measureRecovery(
      run(() => ({ outcome: chance() < 1 / 3 ? 'ok' : 'refused_as_expected' })),
      window,
    )
    // Cut off bin by bin, chance alone came to half a second and more.
    expect(recovery.lostRequestSeconds).toBeLessThan(0.25)
    expect(recovery.recoverMs).toBe(0)
  })

  it('is never claimed when nothing was right before the fault', () => {
    const recovery = measureRecovery(
      run(() => ({ outcome: '5xx' })),
      window,
    )
    expect(recovery.recoverMs).toBeNull()
  })
})

import { describe, expect, it } from 'vitest'
import { besideSentences, checkBeside } from '#bench/experiment/costs/beside-k6.ts'
import { findK6, summaryOf } from '#cluster/k6/run-k6.ts'

const k6 = (serviceP50Ms: number | null, more = {}) => ({
  serviceP50Ms,
  serviceP99Ms: serviceP50Ms === null ? null : 4 * serviceP50Ms,
  dropped: 0,
  checks: 1,
  ...more,
})
const check = (openMs: number[], summaries: ReturnType<typeof k6>[]) =>
  checkBeside('redis', 300, { open: openMs.map((p50) => ({ p50, p99: 3 * p50 })), k6: summaries })

describe('k6 beside the open loop', () => {
  it('agrees within 15 %, and both figures are said', () => {
    const seen = check([0.5, 0.52, 0.48], [k6(0.55), k6(0.56), k6(0.9)])
    expect(seen).toMatchObject({ ok: true, voids: 'nothing' })
    expect(seen.detail).toBe(
      'service p50 at 300/s: k6 0.560 ms, open loop 0.500 ms; p99 2.20–3.60 ms and 1.44–1.56 ms, which do not overlap; 12 % apart; at most 15 % may be',
    )
  })

  it('does not agree beyond, and says so', () => {
    const seen = check([0.5], [k6(0.7)])
    expect(seen.ok).toBe(false)
    expect(check([0.5, 0.9], [k6(0.55)]).detail).toContain('2.20–2.20 ms and 1.50–2.70 ms, which overlap')
    expect(besideSentences([seen])[0]).toContain('k6 does NOT agree with the open loop, redis')
  })

  it('is void where it dropped iterations, where its checks failed, or where it saw nothing', () => {
    expect(check([0.5], [k6(0.5, { dropped: 3 })])).toMatchObject({ ok: false })
    expect(check([0.5], [k6(0.5, { dropped: 3 })]).detail).toContain('dropped 3 iterations')
    expect(check([0.5], [k6(0.5, { checks: 0.9 })]).detail).toContain('90.00 % of k6')
    expect(check([0.5], [k6(null)]).ok).toBe(false)
    expect(check([0.5], [k6(null)]).detail).toContain(
      'k6 none, open loop 0.500 ms; p99 not known; nothing to',
    )
  })

  it('is read off the summary that k6 exports', () => {
    const metrics = {
      'http_req_duration{kind:lookup,expected_response:true}': { med: 1.68, 'p(99)': 9.4 },
      dropped_iterations: { count: 2 },
      checks: { value: 0.5 },
    }
    expect(summaryOf({ metrics })).toEqual({ serviceP50Ms: 1.68, serviceP99Ms: 9.4, dropped: 2, checks: 0.5 })
  })

  it('is asked for in vain where there is no k6', async () => {
    await expect(findK6('/nonexistent')).rejects.toThrow('k6 is not on the PATH')
  })
})

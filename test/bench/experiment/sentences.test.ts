import { describe, expect, it } from 'vitest'
import { list } from '#bench/experiment/list.ts'
import { drawSentences } from '#bench/experiment/sentences.ts'
import type { Comparison, RunResult } from '#contract/result.ts'
import { failureRun, fixture, metric } from '../report/fixture.ts'

function pair(point: 'saturated' | 'equal-rate', ratio: number, claimed = true): Comparison {
  const interval = [ratio * 0.95, ratio * 1.05] as const
  return {
    arm: 'jwt',
    against: 'redis',
    metric: 'serverCpuUs',
    point,
    ratio,
    interval,
    p: 0.008,
    pHolm: 0.008,
    claimed,
    n: 8,
  }
}

function sentences(more: Partial<RunResult>): string[] {
  return drawSentences(fixture(more))
}

describe('the sentences of a run', () => {
  it('name both points and the distance to Redis when they rank jwt and redis', () => {
    const [, ranking] = sentences({
      comparisons: [...fixture().comparisons, pair('saturated', 1.4), pair('equal-rate', 0.7)],
    })
    expect(ranking).toMatch(
      /costs 40 % more than redis at saturation and costs 30\.0 % less than redis at 1,230 requests\/s/,
    )
    expect(ranking).toMatch(/with Redis .* [mµ]s away/)
    expect(ranking).toContain('signatures checked by jose')
  })

  it('do not rank what could not be told apart', () => {
    const [, ranking] = sentences({
      comparisons: [...fixture().comparisons, pair('saturated', 1.01, false), pair('equal-rate', 0.7)],
    })
    expect(ranking).toContain('cannot be told from redis at saturation')
  })

  it('say nothing of jwt and redis when one of the points is missing', () => {
    const all = sentences({ comparisons: [...fixture().comparisons, pair('saturated', 1.4)] })
    expect(all.join(' ')).not.toContain('In CPU of nodes and Redis together')
  })

  it('give no cost where none is claimed, and the interval instead', () => {
    const comparisons = fixture().comparisons.map((one) => ({ ...one, claimed: false }))
    expect(sentences({ comparisons })[0]).toMatch(
      /no difference from that is claimed of .*redis \([\d.]+ to [\d.]+ times\)/,
    )
  })

  it('say nothing of a saturated node that had rest, and why', () => {
    const busy = (share: number) =>
      fixture().arms.map((arm) =>
        arm.arm === 'redis'
          ? { ...arm, metrics: [...arm.metrics, metric('nodeBusyShare', 'share', 'saturated', share)] }
          : arm,
      )
    const comparisons = [...fixture().comparisons, pair('saturated', 1.4, false), pair('equal-rate', 0.7)]
    const [cost, ranking] = sentences({ arms: busy(0.31), comparisons })
    expect(cost).toContain('times that with jwt')
    expect(cost).not.toContain('times that with redis')
    expect(cost).toContain('nothing is said of redis (31 %)')
    expect(ranking).toMatch(/costs 30\.0 % less than redis at 1,230 requests\/s/)
    expect(ranking).not.toContain('cannot be told from redis')
    expect(ranking).toContain('nothing is compared at saturation')
    expect(sentences({ arms: busy(0.9), comparisons })[0]).toContain('times that with redis')
    const bare = fixture().arms.map((arm) =>
      arm.arm === 'baseline'
        ? { ...arm, metrics: [...arm.metrics, metric('nodeBusyShare', 'share', 'saturated', 0.6)] }
        : arm,
    )
    expect(sentences({ arms: bare }).join(' ')).not.toContain('On one saturated node')
  })

  it('count who was logged out, from the survey and not from the table', () => {
    const survival = { ...failureRun('redis').survival, users: 300, lost: 7 }
    const text = sentences({ failures: [failureRun('redis', { survival })] }).join(' ')
    expect(text).toContain('logged out 7 of 300 users with redis')
  })

  it('tell a refused logout from one that held, and a token that outlived its watch', () => {
    const revocation = failureRun('jwt').revocation
    const text = sentences({
      failures: [
        failureRun('local', {
          revocation: { ...revocation, probes: 12, acknowledged: 5, lagsMs: [0, 0, 0, 0, 0], unfinished: 0 },
        }),
        failureRun('redis', {
          revocation: {
            ...revocation,
            probes: 12,
            acknowledged: 12,
            lagsMs: Array(12).fill(0),
            unfinished: 0,
          },
        }),
        failureRun('cookie', {
          revocation: { ...revocation, probes: 2, acknowledged: 2, lagsMs: [4900, 4700], unfinished: 0 },
        }),
        failureRun('jwt', {
          revocation: { ...revocation, probes: 2, acknowledged: 2, lagsMs: [6000, 6000], unfinished: 2 },
        }),
      ],
    }).join(' ')
    expect(text).toContain('still good with local in 7 of 12 cases')
    expect(text).toContain('refused at once with redis')
    expect(text).toContain('accepted for up to 4.9 s more with cookie')
    expect(text).toContain('still accepted with jwt when the watching ended')
  })

  it('give a lag of milliseconds as such, and no expiry where none bounds it', () => {
    const { revocation } = failureRun('redis')
    const failures = [failureRun('jwt-pushed', { revocation: { ...revocation, lagsMs: [0, 14.2] } })]
    const text = sentences({ failures }).join(' ')
    expect(text).toContain('accepted for up to 14.2 ms more with jwt-pushed.')
    expect(text).not.toContain('credentials of')
  })

  it('do not call accepted what a node that was away never refused', () => {
    const { revocation } = failureRun('redis')
    const failures = [failureRun('redis', { revocation: { ...revocation, unclear: 2 } })]
    expect(sentences({ failures }).join(' ')).toContain(
      'not seen refused by every node with redis in 2 of 6 cases',
    )
  })

  it('give no reason for a logout that was not acknowledged where the table has none', () => {
    const { revocation } = failureRun('redis')
    const failures = [failureRun('redis', { revocation: { ...revocation, acknowledged: 5 } })]
    const text = sentences({ failures }).join(' ')
    expect(text).toContain('not watched with redis in 1 of 6 cases, because the logout was not acknowledged')
    expect(text).not.toContain('did not know it')
  })

  it('name a mode once however often a node was killed, with the least and the most that it lost', () => {
    const lost = (count: number) =>
      failureRun('local', { survival: { ...failureRun('local').survival, lost: count } })
    const text = sentences({
      failures: [lost(98), failureRun('redis'), lost(104), failureRun('redis')],
    }).join(' ')
    expect(text).toContain(
      'logged out 98 to 104 of 300 users with local (2 kills), and logged nobody out with redis (2 kills).',
    )
    expect(text.match(/refused at once with redis/g)).toHaveLength(1)
  })

  it('say nothing of a fault in a run that was not steady', () => {
    const steady = { before: true, after: false, reason: '40 % failed' }
    expect(sentences({ comparisons: [], failures: [failureRun('redis', { steady })] })).toEqual([])
  })

  it('give a far Redis without powers of ten', () => {
    const { environment, comparisons } = fixture()
    const redis = { version: '8', origin: 'x', roundTripMs: { p50: 123.4, p99: 130 } }
    const [, ranking] = sentences({
      environment: { ...environment, redis },
      comparisons: [...comparisons, pair('saturated', 1.4), pair('equal-rate', 0.7)],
    })
    expect(ranking).toContain('with Redis 123 ms away')
  })

  it('are none where nothing was measured', () => {
    expect(sentences({ arms: [], comparisons: [], failures: [] })).toEqual([])
  })
})

describe('a list in words', () => {
  it('reads as people write', () => {
    expect([list([]), list(['a']), list(['a', 'b']), list(['a', 'b', 'c'])]).toEqual([
      '',
      'a',
      'a and b',
      'a, b and c',
    ])
  })
})

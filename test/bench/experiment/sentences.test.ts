import { describe, expect, it } from 'vitest'
import { drawSentences, list } from '#bench/experiment/sentences.ts'
import type { Comparison, RunResult } from '#contract/result.ts'
import { failureRun, fixture } from '../report/fixture.ts'

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
      /costs 40 % more than redis at saturation and costs 30\.0 % less than redis at 1230 requests\/s/,
    )
    expect(ranking).toMatch(/with Redis .* ms away/)
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
      /too noisy or too short to say it of .*redis \([\d.]+ to [\d.]+ times\)/,
    )
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

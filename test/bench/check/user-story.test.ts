import { describe, expect, it } from 'vitest'
import { countMoves, findFalseLogouts, type LedgerSample } from '#bench/check/user-story.ts'

const TIMES = { faultUs: 100, healUs: 140 }

function sample(
  user: string,
  doneUs: number,
  outcome: LedgerSample['outcome'],
  node = 'node-1',
): LedgerSample {
  return { user, sentUs: doneUs - 5, doneUs, outcome, node }
}

const ALIVE = [
  { userId: 'ann', acceptedBy: ['node-1'] },
  { userId: 'bob', acceptedBy: ['node-2'] },
]

describe('a false logout', () => {
  it('is a refusal after the fault of a login that still lives, and lasts unless the user got in again', () => {
    const samples = [
      sample('ann', 150, 'unexpected_401'),
      sample('ann', 200, 'ok'),
      sample('bob', 150, 'ok'),
      sample('bob', 210, 'unexpected_401'),
    ]
    const { users, lasting } = findFalseLogouts(samples, ALIVE, TIMES)
    expect([...users].sort()).toEqual(['ann', 'bob'])
    expect([...lasting]).toEqual(['bob'])
  })

  it('lasts for nobody who did not ask again after the heal', () => {
    const samples = [sample('ann', 130, 'unexpected_401'), sample('bob', 144, 'unexpected_401')]
    const { users, lasting } = findFalseLogouts(samples, ALIVE, TIMES)
    expect(users.size).toBe(2)
    expect(lasting.size).toBe(0)
  })

  it('is judged in the order of the answers, not of the list', () => {
    const samples = [sample('ann', 200, 'ok'), sample('ann', 150, 'unexpected_401')]
    expect(findFalseLogouts(samples, ALIVE, TIMES).lasting.size).toBe(0)
  })

  it('is none before the fault, none where the login is gone, and none that the mode announces', () => {
    const samples = [
      sample('ann', 50, 'unexpected_401'),
      sample('ann', 150, 'refused_as_expected'),
      sample('eve', 150, 'unexpected_401'),
      sample('bob', 150, '503_store'),
    ]
    const after = [...ALIVE, { userId: 'eve', acceptedBy: [] }]
    expect(findFalseLogouts(samples, after, TIMES).users.size).toBe(0)
  })
})

describe('moves', () => {
  it('count answers by another node than the time before, the proxy’s own apart', () => {
    const samples = [
      sample('ann', 1, 'ok', 'node-1'),
      sample('ann', 2, '502_proxy', 'proxy'),
      sample('ann', 3, 'unexpected_401', 'node-2'),
      sample('ann', 4, 'ok', 'node-2'),
      sample('bob', 5, 'ok', 'node-1'),
    ]
    expect(countMoves(samples, ['node-1', 'node-2'])).toBe(1)
  })
})

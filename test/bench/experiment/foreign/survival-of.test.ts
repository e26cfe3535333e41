import { expect, it } from 'vitest'
import type { Standing } from '#bench/experiment/foreign/still-in.ts'
import { survivalOf } from '#bench/experiment/foreign/survival-of.ts'

function standing(userId: string, acceptedBy: string, unclear = false): Standing {
  return { userId, acceptedBy: acceptedBy === '' ? [] : acceptedBy.split(' '), unclear }
}

it('whom nobody could be asked for is neither in nor lost', () => {
  const before = [
    standing('ann', 'a'),
    standing('bea', 'a b'),
    standing('cleo', 'b'),
    standing('dora', 'b'),
    standing('eve', ''),
  ]
  const after = [
    standing('ann', ''),
    standing('bea', 'b'),
    standing('cleo', '', true),
    standing('dora', ''),
    standing('eve', ''),
  ]
  expect(survivalOf(before, after, ['a'])).toEqual({ users: 4, lost: 2, lostOfDeadNode: 1, unclear: 1 })
})

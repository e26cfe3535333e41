import { expect, it } from 'vitest'
import { joinedLedger } from '#bench/experiment/failures/joined-ledger.ts'
import type { Outcome } from '#contract/outcomes.ts'

const at = (dueUs: number, outcome: Outcome, node: string) => ({ dueUs, outcome, node })

it('says what a node that joined answered, and what share was accepted before, with and after it', () => {
  const samples = [
    at(1, 'ok', 'node-1'),
    at(2, 'refused_as_expected', 'node-2'),
    // While it starts nobody can say how many nodes there are.
    at(12_000, 'refused_as_expected', 'node-1'),
    // The first half of its stay, in which the proxy spares it.
    at(20_000, 'ok', 'node-1'),
    at(22_500, 'refused_as_expected', 'node-4'),
    at(23_000, 'ok', 'node-1'),
    at(24_000, 'refused_as_expected', 'node-2'),
    at(25_000, 'refused_as_expected', 'node-4'),
    at(31_000, 'refused_as_expected', 'node-1'),
    at(40_000, 'ok', 'node-1'),
  ]
  const begun = [
    { userId: 'a', acceptedBy: ['node-2'] },
    { userId: 'b', acceptedBy: [] },
  ]
  const times = { faultUs: 10_000, healBeganUs: 30_000, healUs: 35_000 }
  expect(joinedLedger(samples, { node: 'node-4', atUs: 15_000 }, times, begun)).toEqual({
    node: 'node-4',
    readyMs: 5,
    answeredShare: 0.5,
    accepted: { before: 0.5, during: 0.25, after: 1 },
    begun: { users: 2, lost: 1 },
  })
})

it('says of a stretch without a lookup that nothing is known', () => {
  const times = { faultUs: 10, healBeganUs: 30, healUs: 35 }
  const { answeredShare, accepted } = joinedLedger([], { node: 'node-4', atUs: 15 }, times, [])
  expect([answeredShare, ...Object.values(accepted)]).toEqual([null, null, null, null])
})

import { expect, test } from 'vitest'
import type { LoadPlan } from '#bench/load/plan.ts'
import { checkPlan } from '#bench/load/plan-check.ts'
import { MODES } from '#contract/modes.ts'
import { stillinTarget } from '#contract/target.ts'
import { planFor } from './planted-server.ts'

const FOLLOW = {
  target: stillinTarget(MODES.redis, 'http://127.0.0.1:1', [], 'pair'),
  operation: 'refresh',
} as const

const ALONE = {
  weight: 1,
  request: FOLLOW.target.requests.lookup,
  userMember: undefined,
  isAlone: true,
} as const

test('a sound plan passes', () => {
  expect(() => checkPlan(planFor('http://127.0.0.1:1', {}))).not.toThrow()
})

test.each<[Partial<LoadPlan>, RegExp]>([
  [{ clients: [] }, /client/],
  [{ urls: [] }, /address/],
  [{ urls: ['https://127.0.0.1'] }, /plain http/],
  [{ urls: ['nonsense'] }, /nonsense/],
  [{ connections: 1.5 }, /connections/],
  [{ windowMs: 0 }, /window/],
  [{ leadMs: -1 }, /lead/],
  [{ timeoutMs: Number.NaN }, /time-out/],
  [{ kind: 'open', ratePerS: 0 }, /rate/],
  [{ kind: 'open', ratePerS: 1, follow: FOLLOW }, /open loop takes credentials up, and follows none/],
  [{ takeUp: FOLLOW }, /only an open loop takes credentials up/],
  [{ kind: 'open', takeUp: FOLLOW, followCookies: true }, /no need to follow them/],
  [{ kind: 'open', mixed: [ALONE] }, /replaces a credential wants it taken up/],
  [{ follow: FOLLOW, connections: 9 }, /as many clients as connections/],
])('an unsound plan is refused by name (%#)', (changes, message) => {
  expect(() => checkPlan(planFor('http://127.0.0.1:1', changes))).toThrow(message)
})

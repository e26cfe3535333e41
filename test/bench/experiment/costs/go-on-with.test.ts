import { expect, test } from 'vitest'
import { type Arm, goOnWith } from '#bench/experiment/costs/arms.ts'
import { equalRatePlan } from '#bench/experiment/costs/load-plans.ts'
import { MODES } from '#contract/modes.ts'
import { stillinTarget } from '#contract/target.ts'

const target = stillinTarget(MODES.jwt, 'http://127.0.0.1:1', [], 'pair')

function armOf(takeUp: Arm['takeUp']): Arm {
  const user = (id: string) => ({
    userId: id,
    headers: { authorization: `Bearer ${id}.0` },
    refreshToken: `${id}.r0`,
    expectation: 'accept' as const,
  })
  const route = { urls: ['http://127.0.0.1:1'], clients: [user('user-1'), user('user-2')] }
  return {
    name: 'jwt pair',
    mode: 'jwt',
    renewal: undefined,
    request: target.requests.lookup,
    userMember: target.userMember,
    mixed: undefined,
    takeUp,
    saturated: route,
    entrance: route,
    homes: route,
    loggedInAtMs: 0,
    lifetimeS: 300,
  }
}

const SETTINGS = {
  via: 'proxy',
  connections: 2,
  rounds: 1,
  windowMs: 100,
  leadMs: 0,
  tailMs: 0,
  ratePerS: 10,
  warmUpMaxMs: 100,
  seed: 1,
} as const

test('the users of the entrance begin a window with what the one before left them', () => {
  const arm = armOf({ target })
  const held = ['user-1', 'user-2'].map((userId) => ({
    userId,
    headers: { authorization: `Bearer ${userId}.7` },
    refreshToken: `${userId}.r7`,
  }))
  goOnWith(arm, held)
  const { clients, takeUp } = equalRatePlan(arm, SETTINGS, 2)
  expect(clients).toEqual(held.map((credential) => ({ ...credential, expectation: 'accept' })))
  expect(takeUp).toEqual({ target })
  // A closed loop at one node has logins of its own.
  expect(arm.saturated.clients[0]?.refreshToken).toBe('user-1.r0')
})

test('where nothing is taken up, nothing changes', () => {
  const arm = armOf(undefined)
  goOnWith(arm, undefined)
  expect(equalRatePlan(arm, SETTINGS, 1)).not.toHaveProperty('takeUp')
  expect(arm.entrance.clients[1]?.headers).toEqual({ authorization: 'Bearer user-2.0' })
})

import { expect, it } from 'vitest'
import { foreignPlan } from '#bench/experiment/foreign/foreign-plan.ts'
import type { ForeignService } from '#contract/foreign.ts'

function serviceAt(url: string): ForeignService {
  const lookup = { method: 'GET', path: '/me', headers: {} } as const
  const target = {
    name: 'shop',
    url,
    nodes: [],
    requests: { login: lookup, lookup },
    credential: { cookies: 'all' },
    userMember: '/user',
    statuses: { in: [200], out: [302] },
  } as const
  return { name: 'shop', target, nodes: [], users: [], watchS: 1 }
}
const AT = { ratePerS: 50, connections: 4 }
const ANN = { userId: 'ann', headers: { cookie: 'sid=1' } }

it('sends lookups of these people, read as the file says', () => {
  expect(foreignPlan(serviceAt('http://10.0.0.1'), [ANN], AT, 7)).toMatchObject({
    kind: 'open',
    urls: ['http://10.0.0.1'],
    clients: [{ ...ANN, expectation: 'accept' }],
    userMember: '/user',
    statuses: { in: [200], out: [302] },
    ratePerS: 50,
    seed: 7,
  })
})

it('refuses load over TLS, and says what takes it', () => {
  expect(() => foreignPlan(serviceAt('https://shop.example'), [ANN], AT, 7)).toThrow(
    expect.objectContaining({ exitCode: 2, hint: expect.stringContaining('demo and lag take either') }),
  )
})

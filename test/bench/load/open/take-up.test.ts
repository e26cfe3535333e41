import { describe, expect, test } from 'vitest'
import { createOpenGenerator } from '#bench/load/open/open-generator.ts'
import { createWaitingRoom } from '#bench/load/open/waiting-room.ts'
import type { LoadPlan, MixedRequest } from '#bench/load/plan.ts'
import { MODES } from '#contract/modes.ts'
import { stillinTarget } from '#contract/target.ts'
import { type PlantedRequest, planFor, plantServer } from '../planted-server.ts'

const COOKIES = stillinTarget(MODES.redis, 'http://127.0.0.1:1', [], 'pair')
const TOKENS = stillinTarget(MODES.jwt, 'http://127.0.0.1:1', [], 'rolling')

function users(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    userId: `user-${index + 1}`,
    headers: { cookie: `stillin_session=user-${index + 1}.0` },
    expectation: 'accept' as const,
  }))
}

const LOOKUP: MixedRequest = { weight: 60, request: COOKIES.requests.lookup, userMember: 'id' }
const REFRESH: MixedRequest = {
  weight: 40,
  request: { method: 'POST', path: '/refresh', headers: {} },
  userMember: 'id',
  isAlone: true,
}

async function run(url: string, changes: Partial<LoadPlan>) {
  return await createOpenGenerator().run(planFor(url, { kind: 'open', ...changes }))
}

/** Each credential is good until the next one is handed out; an answer takes a few ms. */
function rotating() {
  const current = new Map<string, number>()
  const underWay = new Map<string, number>()
  const seen = { refreshes: 0, besideARefresh: 0 }
  const refreshing = new Set<string>()
  return {
    seen,
    current,
    onRequest({ head, user, answer }: PlantedRequest): void {
      const place = Number(/user-\d+\.(\d+)/.exec(head)?.[1])
      const isRefresh = head.startsWith('POST /refresh')
      if (refreshing.has(user) || (isRefresh && (underWay.get(user) ?? 0) > 0)) seen.besideARefresh++
      if (place !== (current.get(user) ?? 0)) {
        answer({ status: 401, body: '{"reason":"revoked"}' })
        return
      }
      underWay.set(user, (underWay.get(user) ?? 0) + 1)
      if (isRefresh) {
        seen.refreshes++
        refreshing.add(user)
      }
      setTimeout(() => {
        underWay.set(user, (underWay.get(user) ?? 1) - 1)
        refreshing.delete(user)
        const next = isRefresh ? place + 1 : place
        current.set(user, next)
        answer(isRefresh ? { headers: { 'set-cookie': `stillin_session=${user}.${next}; Path=/` } } : {})
      }, 4)
    },
  }
}

test('a user goes on with what a refresh handed out, and does nothing else while it is under way', async () => {
  const service = rotating()
  await using server = await plantServer(service.onRequest)
  const plan = { clients: users(12), mixed: [LOOKUP, REFRESH], takeUp: { target: COOKIES }, connections: 8 }
  const window = await run(server.url, { ...plan, ratePerS: 200 })
  expect(service.seen.refreshes).toBeGreaterThan(3)
  expect(service.seen.besideARefresh).toBe(0)
  expect(window.outcomes).toMatchObject({ unexpected_401: 0, wrong_user: 0 })
  expect(window.outcomes.ok + window.outcomes.unsent).toBe(window.intended)
  // The next window can go on from there.
  expect(window.held?.map(({ headers }) => headers['cookie'])).toEqual(
    users(12).map(({ userId }) => `stillin_session=${userId}.${service.current.get(userId) ?? 0}`),
  )
})

test('without that, a service that ends what it replaces refuses', async () => {
  const service = rotating()
  await using server = await plantServer(service.onRequest)
  const { isAlone: _, ...refresh } = REFRESH
  const window = await run(server.url, { clients: users(4), mixed: [LOOKUP, refresh], ratePerS: 200 })
  expect(window.outcomes.unexpected_401).toBeGreaterThan(0)
  expect(window.held).toBeUndefined()
})

test('a token in a header is presented from then on', async () => {
  const heads: string[] = []
  await using server = await plantServer(({ index, head, answer }) => {
    heads.push(head)
    answer({ body: '{"id":"user-1"}', headers: { 'x-access-token': `t${index + 1}` } })
  })
  const clients = [
    { userId: 'user-1', headers: { authorization: 'Bearer t0' }, expectation: 'accept' as const },
  ]
  const plan = { clients, takeUp: { target: TOKENS }, connections: 1, ratePerS: 100, tailMs: 0 }
  const window = await run(server.url, plan)
  expect(window.outcomes.ok).toBe(window.intended)
  expect(heads.map((head) => /^authorization: Bearer (t\d+)$/m.exec(head)?.[1])).toEqual(
    heads.map((_, index) => `t${index}`),
  )
  expect(window.held?.[0]?.headers['authorization']).toBe(`Bearer t${heads.length}`)
})

test('where everybody is busy with a refresh, what is due is unsent and not forgotten', async () => {
  await using server = await plantServer((request) => {
    if (request.head.startsWith('GET')) request.answer()
    else setTimeout(() => request.answer({ body: `{"id":"${request.user}"}` }), 60)
  })
  const plan = { clients: users(1), mixed: [LOOKUP, REFRESH], takeUp: { target: COOKIES }, keepSamples: true }
  const reasons = new Set<string>()
  const window = await createOpenGenerator().run(planFor(server.url, { kind: 'open', ...plan }), {
    onSamples: (batch) => {
      for (const { outcome, reason } of batch) if (outcome === 'unsent') reasons.add(reason)
    },
  })
  expect(window.outcomes.unsent).toBeGreaterThan(10)
  expect(reasons).toEqual(new Set(['nobody_free']))
})

describe('who may begin', () => {
  test('is the next one free, from the one that was drawn', () => {
    const room = createWaitingRoom(3)
    expect(room.begin(2, true)).toBe(2)
    expect(room.begin(2, false)).toBe(0)
    expect(room.begin(0, true)).toBe(1)
    expect(room.begin(1, true)).toBeUndefined()
    expect(room.begin(1, false)).toBe(0)
    room.end(2, true)
    expect(room.begin(1, true)).toBe(2)
  })
})

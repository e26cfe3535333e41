import { describe, expect, it } from 'vitest'
import { mixedCapacity, mixedRequests } from '#bench/experiment/costs/mixed-requests.ts'
import { stretchesOf } from '#bench/experiment/costs/rounds.ts'
import { sessionRoom } from '#bench/experiment/lab/session-room.ts'
import { payloadOf } from '#bench/experiment/payload/payload.ts'
import { createSchedule } from '#bench/load/open/schedule.ts'
import { MODES } from '#contract/modes.ts'
import { stillinTarget } from '#contract/target.ts'
import { planFor } from '../../load/planted-server.ts'

const target = stillinTarget(MODES.cookie, 'http://127.0.0.1:1', [])

describe('a mix of requests', () => {
  const mixed = mixedRequests({ lookup: 94, write: 4, login: 2 }, target, MODES.cookie, 100)

  it('keeps its shares over many arrivals, and sends each as what it is', () => {
    const plan = {
      ...planFor('http://127.0.0.1:1', { kind: 'open' }),
      mixed,
      ratePerS: 20_000,
      windowMs: 1_000,
    }
    const schedule = createSchedule(plan)
    const sent = Map.groupBy(
      Array.from({ length: schedule.count }, (_, index) => schedule.client(index, schedule.user(index))),
      ({ method, path }) => `${method} ${path}`,
    )
    const shareOf = (name: string) => (sent.get(name)?.length ?? 0) / schedule.count
    expect([...sent.keys()].sort()).toEqual(['GET /me', 'POST /login', 'PUT /me/data'])
    expect(shareOf('GET /me')).toBeCloseTo(0.94, 2)
    expect(shareOf('PUT /me/data')).toBeCloseTo(0.04, 2)
    expect(shareOf('POST /login')).toBeCloseTo(0.02, 2)
  })

  it('logs in without a credential and names the user, and writes data of the size asked for', () => {
    const plan = {
      ...planFor('http://127.0.0.1:1', { kind: 'open' }),
      mixed,
      ratePerS: 2_000,
      windowMs: 1_000,
    }
    const schedule = createSchedule(plan)
    const all = Array.from({ length: schedule.count }, (_, index) =>
      schedule.client(index, schedule.user(index)),
    )
    const login = all.find(({ path }) => path === '/login')
    const write = all.find(({ path }) => path === '/me/data')
    expect(login?.headers).not.toContain('cookie')
    expect(JSON.parse(String(login?.body))).toMatchObject({ username: login?.userId })
    expect(write?.body).toHaveLength(100)
    expect(write?.headers).toContain('x-csrf')
    const answer = Buffer.from(JSON.stringify({ mode: 'cookie', user: { id: login?.userId } }))
    const headers = { node: '', mode: '', unavailable: '', setCookies: [] }
    expect(login?.reader.read(200, headers, answer).outcome).toBe('ok')
    const other = Buffer.from(JSON.stringify({ mode: 'cookie', user: { id: 'somebody' } }))
    expect(login?.reader.read(200, headers, other).outcome).toBe('wrong_user')
  })

  it('is refused where it asks for what is not offered', () => {
    expect(() => mixedRequests({ lookup: 9, refresh: 1 }, target, MODES.cookie, 0)).toThrow(
      /refresh is not offered/,
    )
  })

  it('refreshes where logins are renewed by pair, one user at a time', () => {
    const pair = stillinTarget(MODES.jwt, 'http://127.0.0.1:1', [], 'pair')
    const [lookup, refresh] = mixedRequests({ lookup: 3, refresh: 1 }, pair, MODES.jwt, 0)
    expect(lookup).not.toHaveProperty('isAlone')
    expect(refresh).toMatchObject({ weight: 0.25, isAlone: true, request: { path: '/refresh' } })
  })

  it('is carried at a lower rate than lookups alone, for its passwords', () => {
    expect(mixedCapacity(1_000, undefined, 2)).toBeCloseTo(1_000)
    expect(mixedCapacity(1_000, { lookup: 90, login: 10 }, 2)).toBeCloseTo(571, 0)
  })
})

describe('what logins keep', () => {
  it('has exactly the bytes asked for', () => {
    for (const bytes of [8, 9, 1_024]) expect(JSON.stringify(payloadOf(bytes))).toHaveLength(bytes)
    expect(payloadOf(0)).toBeUndefined()
  })

  it('is refused where it would fill the machine', () => {
    expect(sessionRoom({ sessions: 1_000_000, payloadBytes: 0 }).memory.maxSessions).toBe(1_100_000)
    expect(() => sessionRoom({ sessions: 1_000_000, payloadBytes: 4_096 })).toThrow(/more than 4 GiB/)
  })
})

describe('the rounds of several starts of the stack', () => {
  it('are shared out without a gap', () => {
    const stretches = stretchesOf(20, 3)
    expect(stretches.map(({ firstRound, lastRound }) => [firstRound, lastRound])).toEqual([
      [1, 6],
      [7, 13],
      [14, 20],
    ])
    expect(stretchesOf(2, 3)).toHaveLength(2)
  })
})

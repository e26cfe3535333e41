import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { isSettled, lookupsBetween } from '#bench/experiment/storm/bystanders.ts'
import { pauseMs, retryAfterS, turnedAwayBy } from '#bench/experiment/storm/come-again.ts'
import { projectedMs, projectStorm } from '#bench/experiment/storm/project-storm.ts'
import { returnUsers } from '#bench/experiment/storm/return-users.ts'
import { backAt } from '#bench/experiment/storm/run-storm.ts'
import { perLoginMs } from '#bench/experiment/storm/storm-cpu.ts'
import { demandStormUsers, stormLimitMs, stormUsers } from '#bench/experiment/storm/storm-plan.ts'
import type { Sample } from '#bench/load/plan.ts'
import { createRandom } from '#bench/workload/random.ts'
import { MODES } from '#contract/modes.ts'
import { stillinTarget } from '#contract/target.ts'

const ANSWER = { kind: 'answer', headers: {}, setCookies: [], invokedUs: 0, doneUs: 0 } as const
const FAILURE = { kind: 'timeout', reason: '', invokedUs: 0, doneUs: 0 } as const

describe('somebody who was turned away', () => {
  it('waits for what was asked for and then by chance, twice as long each time, and 20 s at most', () => {
    expect([1, 2, 3, 9].map((failures) => pauseMs(failures, 0, 1))).toEqual([1_000, 2_000, 4_000, 20_000])
    expect(pauseMs(3, 2, 0)).toBe(2_000)
    expect(pauseMs(1, 1, 0.5)).toBe(1_500)
  })

  it('knows for how long from Retry-After in seconds, which nobody can stretch beyond a minute', () => {
    const asked = (text: string) =>
      retryAfterS({ ...ANSWER, status: 429, body: null, headers: { 'retry-after': text } })
    expect([asked('3'), asked('9999'), asked('soon'), asked('')]).toEqual([3, 60, 0, 0])
    expect(retryAfterS(FAILURE)).toBe(0)
  })

  it('is counted by the service’s own word, or by what came instead of an answer', () => {
    expect(turnedAwayBy({ ...ANSWER, status: 429, body: { error: 'too_many_logins' } })).toBe(
      '429 too_many_logins',
    )
    expect(turnedAwayBy({ ...ANSWER, status: 502, body: 'oops' })).toBe('502')
    expect(turnedAwayBy(FAILURE)).toBe('timeout')
  })
})

describe('the size of a storm', () => {
  it('asks for as many people as return and look on, and names the fix where they are too few', () => {
    expect(() => demandStormUsers(stormUsers(300), 300, '')).not.toThrow()
    expect(() => demandStormUsers(300, 300, 'the fix')).toThrow(
      expect.objectContaining({ exitCode: 2, hint: 'the fix', message: expect.stringContaining('--users') }),
    )
  })

  it('bounds how long anybody is waited for', () => {
    expect(stormLimitMs(1)).toBe(120_000)
    expect(stormLimitMs(10_000)).toBe(450_000)
  })

  it('is projected from the CPU of one login alone, and its error has a sign', () => {
    const cost = { users: 300, nodeCpuMsEach: 12 }
    expect(projectedMs(cost, { users: 10_000, cores: 4 })).toBe(30_000)
    expect(projectedMs({ users: 300, nodeCpuMsEach: null }, { users: 1, cores: 1 })).toBeNull()
    const short = projectStorm(cost, { users: 1_000, allBackMs: 12_000 }, 2)
    expect(short).toEqual({ fromUsers: 300, cores: 2, allBackMs: 6_000, error: -0.5 })
    expect(projectStorm(cost, { users: 1_000, allBackMs: null }, 2)?.error).toBeNull()
  })
})

describe('what a storm leaves', () => {
  it('gives the time of a share of all who were out, not of those who came back', () => {
    const returned = { backMs: [1, 2, 3, 4, 5, 6, 7, 8], neverBack: 2 }
    expect([backAt(returned, 0.5), backAt(returned, 0.8), backAt(returned, 0.9)]).toEqual([5, 8, null])
    expect(backAt({ backMs: [], neverBack: 0 }, 1)).toBeNull()
  })

  it('charges a login with what the storm used beyond the same time at rest', () => {
    const at = (atUs: number, loopsUs: number) => ({
      atUs,
      loopsUs,
      besideLoopsUs: 0,
      proxyUs: 0,
      usersUs: 0,
    })
    expect(perLoginMs(at(2_000_000, 700_000), at(1_000_000, 50_000), 'loopsUs', 60)).toBe(10)
    expect(perLoginMs(at(1, 1), at(1, 1), 'loopsUs', 0)).toBeNull()
  })

  it('tells the lookups that were due before the storm from those during it', () => {
    const sample = (dueUs: number, outcome: Sample['outcome']) =>
      ({ dueUs, doneUs: dueUs + 5_000, outcome }) as Sample
    const samples = [sample(1, 'ok'), sample(10, 'ok'), sample(11, 'timeout'), sample(20, 'ok')]
    const during = lookupsBetween(samples, 10, 20)
    expect(during).toMatchObject({ intended: 2, p99Ms: null, outcomes: { ok: 1, timeout: 1 } })
    expect(during.p50Ms).toBeCloseTo(5, 1)
  })
})

describe('the lookups of a storm', () => {
  it('are all there when a later one is and none is missing before it', () => {
    const at = (seq: number) => ({ seq, dueUs: 10 * seq })
    expect(isSettled([at(0), at(1)], 15)).toBe(false)
    expect(isSettled([at(1), at(2)], 15)).toBe(false)
    expect(isSettled([at(2), at(1), at(0)], 15)).toBe(true)
  })
})

describe('users who return', () => {
  const servers: (() => void)[] = []
  afterEach(() => {
    for (const close of servers.splice(0)) close()
  })
  async function serve(handler: (request: IncomingMessage, response: ServerResponse) => void) {
    const server = createServer(handler)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    servers.push(() => server.close())
    return stillinTarget(MODES.jwt, `http://127.0.0.1:${(server.address() as AddressInfo).port}`, [])
  }
  const logins = ['user-1', 'user-2'].map((userId) => ({
    nodeId: 'node-1',
    credential: { userId, headers: { authorization: `Bearer ${userId}` } },
  }))
  const { signal } = new AbortController()

  it('come again until they are in, and those who never were out do not log in', async () => {
    let asked = 0
    const target = await serve((request, response) => {
      const isIn = request.method === 'GET' && request.headers.authorization === 'Bearer user-2'
      if (request.method === 'POST') asked += 1
      const isMade = request.method === 'POST' && asked > 1
      response.writeHead(isIn || isMade ? 200 : request.method === 'GET' ? 401 : 429, {
        'content-type': 'application/json',
      })
      response.end(JSON.stringify(isMade ? { accessToken: 'a' } : { error: 'busy' }))
    })
    const seen: number[] = []
    const returned = await returnUsers(
      target,
      logins,
      createRandom(1),
      30_000,
      (count) => seen.push(count),
      signal,
    )
    expect(returned).toMatchObject({ neverOut: 1, neverBack: 0, tried: 2, failed: { '429 busy': 1 } })
    expect(returned.backMs).toHaveLength(1)
    expect(seen).toEqual([1])
  })

  it('are counted as never back where the limit comes first', async () => {
    const target = await serve((request, response) => {
      if (request.method === 'GET') response.writeHead(401).end()
    })
    const returned = await returnUsers(target, logins, createRandom(1), 300, () => {}, signal)
    expect(returned).toMatchObject({ neverBack: 2, backMs: [], neverOut: 0, tried: 2 })
  })
})

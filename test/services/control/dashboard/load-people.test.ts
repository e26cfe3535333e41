import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import type { ClusterState } from '#contract/control.ts'
import { createLoadPeople, movedPin, throughProxy } from '#services/control/dashboard/load-people.ts'
import { createPartReader, type PartReader } from '#services/control/dashboard/part-reader.ts'
import { part } from '../parts.ts'

const DEAD = { ...part('node-1', 'stopped'), url: 'http://127.0.0.1:1', adminUrl: 'http://127.0.0.1:1' }

describe('people of the load', () => {
  it.each([
    ['local', 'lost'],
    ['replicated', 'lost'],
    ['redis', 'unclear'],
    ['jwt', 'unclear'],
  ] as const)('are, when every node is dead in mode %s, %s', async (mode, standing) => {
    const credentials = [{ userId: 'user-2', headers: {} }]
    const reader = {
      ...createPartReader('admin', 5_000),
      seed: async () => ({ mode, credentials }) as Awaited<ReturnType<PartReader['seed']>>,
    }
    const people = createLoadPeople(reader, () => 1_000_000)
    expect(people.summary(0).loggedInAtMs).toBeNull()
    const alive = { mode, generation: 1, canSignal: true, parts: [{ ...DEAD, condition: 'ready' as const }] }
    await people.login(alive)
    expect(people.summary(0).loggedInAtMs).toBe(1_000_000)
    await people.look({ ...alive, parts: [DEAD] })
    expect(people.summary(0)).toMatchObject({ count: 1, in: 0, [standing]: 1 })
    // Nobody is known at all: a name that could not be looked up, say.
    await people.look({ ...alive, parts: [] })
    expect(people.summary(0)).toMatchObject({ lost: 0, unclear: 1 })
  })

  it('count as lost when every node turns them away, and as unclear while one does not answer for itself', async () => {
    let status = 200
    const node = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk) => {
        body += chunk
      })
      request.on('end', () => {
        if (request.method === 'GET') {
          const id = String(request.headers['authorization']).replace('Bearer ', '')
          response.writeHead(status).end(JSON.stringify({ id, role: 'user', reason: 'unknown' }))
          return
        }
        const { userIds } = JSON.parse(body) as { userIds: string[] }
        const credentials = userIds.map((id) => ({ userId: id, headers: { authorization: `Bearer ${id}` } }))
        response.end(JSON.stringify({ mode: 'local', credentials }))
      })
    })
    node.listen(0, '127.0.0.1')
    await once(node, 'listening')
    const url = `http://127.0.0.1:${(node.address() as AddressInfo).port}`
    const state: ClusterState = {
      mode: 'local',
      generation: 1,
      canSignal: false,
      parts: [{ ...part('node-1'), url, adminUrl: url }],
    }
    let nowMs = 1_000_000
    const people = createLoadPeople(createPartReader('admin', 5_000), () => nowMs)
    const lookAtAll = async () => {
      for (let look = 0; look < 3; look += 1) await people.look(state)
      return people.summary(nowMs)
    }
    try {
      expect(await people.login(state)).toBe(true)
      expect(await lookAtAll()).toMatchObject({ count: 60, in: 60, lost: 0, unclear: 0 })
      status = 503
      expect(await lookAtAll()).toMatchObject({ in: 0, lost: 0, unclear: 60 })
      status = 401
      expect(await lookAtAll()).toMatchObject({ lost: 60, lostSinceFault: 60 })
      nowMs += 10_000
      expect(people.summary(nowMs)).toMatchObject({ lost: 60, lostSinceFault: 0 })
      // Their logins run out: whoever is refused from now on was not logged out by anybody.
      nowMs += 240_000
      expect(await lookAtAll()).toMatchObject({ count: 0 })
    } finally {
      node.closeAllConnections()
      node.close()
    }
  })

  it('carry the affinity cookie beside their credential, and take over a moved one', () => {
    const person = {
      userId: 'user-2',
      headers: { cookie: 'stillin_session=a' },
      pin: 'stillin_affinity=b',
      standing: 'in' as const,
      lostAtMs: 0,
      lastNode: 'node-1',
      pinnedTo: 'node-1',
    }
    expect(throughProxy(person)).toEqual({ cookie: 'stillin_session=a; stillin_affinity=b' })
    expect(throughProxy({ ...person, pin: undefined })).toEqual({ cookie: 'stillin_session=a' })
    expect(movedPin(['other=1; Path=/', 'stillin_affinity=c; Path=/; HttpOnly'])).toBe('stillin_affinity=c')
    expect(movedPin(['other=1'])).toBeUndefined()
  })
})

import { describe, expect, test } from 'vitest'
import { Client } from './client.ts'
import { testNode } from './test-node.ts'

const phase = (mode: string, generation: number, name: string) => ({ mode, generation, phase: name })

describe('a mode switch', () => {
  test('takes hold with commit, not with prepare, and keeps a login of the mode it left', async () => {
    await using node = await testNode()
    const client = new Client(node.url)
    await client.login()
    const mode = async () => (await client.send('GET', '/baseline')).headers.get('x-stillin-mode')
    const prepared = await node.admin('PUT', '/mode', phase('cookie', 2, 'prepare'))
    expect([prepared.status, await prepared.json()]).toEqual([200, { mode: 'local', generation: 1 }])
    expect(await mode()).toBe('local@1')
    const committed = await node.admin('PUT', '/mode', phase('cookie', 2, 'commit'))
    expect([committed.status, await committed.json()]).toEqual([200, { mode: 'cookie', generation: 2 }])
    expect(await mode()).toBe('cookie@2')
    expect((await client.me()).body).toMatchObject({ reason: 'wrong-mode' })
    await node.switchTo('local', 3)
    const me = await client.me()
    expect([me.status, me.headers.get('x-stillin-mode')]).toEqual([200, 'local@3'])
  })

  test('may repeat a phase, and refuses one that does not fit', async () => {
    await using node = await testNode()
    const status = async (body: object) => (await node.admin('PUT', '/mode', body)).status
    expect(await status(phase('cookie', 5, 'commit'))).toBe(409)
    expect(await status(phase('cookie', 5, 'prepare'))).toBe(200)
    expect(await status(phase('cookie', 5, 'prepare'))).toBe(200)
    expect(await status(phase('jwt', 5, 'commit'))).toBe(409)
    expect(await status(phase('cookie', 6, 'commit'))).toBe(409)
    expect(await status(phase('cookie', 5, 'commit'))).toBe(200)
    expect(await status(phase('cookie', 5, 'commit'))).toBe(200)
    expect(await status(phase('jwt', 5, 'prepare'))).toBe(409)
    expect(await status(phase('jwt', 4, 'prepare'))).toBe(409)
    expect(await status(phase('jwt', 6, 'prepare'))).toBe(200)
    expect(await status(phase('jwt', 6, 'abort'))).toBe(200)
    expect(await status(phase('jwt', 6, 'commit'))).toBe(409)
    for (const body of [phase('nonsense', 7, 'prepare'), phase('jwt', 7, 'maybe'), { mode: 'jwt' }, {}])
      expect(await status(body)).toBe(400)
  })

  test('to redis is refused in words by a node that was given none', async () => {
    await using node = await testNode()
    const answer = await node.admin('PUT', '/mode', phase('redis', 2, 'prepare'))
    expect(answer.status).toBe(409)
    expect(await answer.json()).toMatchObject({
      error: 'mode_unavailable',
      message: expect.stringMatching(/STILLIN_REDIS_URL.*redis/),
    })
    expect((await new Client(node.url).send('GET', '/livez')).headers.get('x-stillin-mode')).toBe('local@1')
  })

  test('lets requests under way end in the mode that began them', async () => {
    await using node = await testNode()
    const client = new Client(node.url)
    await client.login()
    await node.admin('PUT', '/gates/lookup-after-read', { held: true })
    await node.admin('PUT', '/gates/login-before-issue', { held: true })
    const lookup = client.me()
    const login = new Client(node.url).login('user-2')
    await node.admin('GET', '/gates/lookup-after-read')
    await node.admin('GET', '/gates/login-before-issue')
    await node.switchTo('jwt', 2)
    expect((await client.send('GET', '/baseline')).headers.get('x-stillin-mode')).toBe('jwt@2')
    await node.admin('PUT', '/gates/lookup-after-read', { held: false })
    await node.admin('PUT', '/gates/login-before-issue', { held: false })
    for (const answer of [await lookup, await login]) {
      expect(answer.status).toBe(200)
      expect(answer.headers.get('x-stillin-mode')).toBe('local@1')
      expect(answer.body).toMatchObject({ mode: 'local' })
      expect(answer.body).not.toHaveProperty('accessToken')
    }
  })

  test('under load answers every request by one mode or by the other, never by half of each', async () => {
    await using node = await testNode()
    const client = new Client(node.url)
    await client.login()
    await node.switchTo('jwt', 2)
    const login = new Client(node.url)
    await login.login()
    // Both credentials at once: whichever mode answers, it finds its own.
    client.headers = { ...client.headers, ...login.headers }
    let generation = 2
    let done = false
    const seen = new Set<string>()
    const reader = async () => {
      while (!done) {
        const { status, headers, body } = await client.me()
        const header = headers.get('x-stillin-mode') ?? ''
        seen.add(header)
        expect(status).toBe(200)
        expect(header.split('@')[0]).toBe(body?.['mode'])
        expect(headers.get('x-revocation')).toBe(body?.['mode'] === 'jwt' ? 'at-expiry;s=300' : 'by-chance')
      }
    }
    const readers = Promise.all([reader(), reader(), reader(), reader()])
    for (let index = 0; index < 20; index += 1) {
      generation += 1
      await node.switchTo(index % 2 === 0 ? 'local' : 'jwt', generation)
      await client.me()
    }
    done = true
    await readers
    expect(seen.size).toBeGreaterThan(10)
  })
})

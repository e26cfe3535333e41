import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createClusterView } from '#services/control/cluster-view.ts'
import { createControl } from '#services/control/control.ts'
import { buildControlServer } from '#services/control/control-server.ts'
import { createPartClient } from '#services/control/part-client.ts'
import { Client } from '../auth/client.ts'
import type { TestNode } from '../auth/test-node.ts'
import { ADMIN_TOKEN, testNode } from '../auth/test-node.ts'
import { fakeParts, part, problem } from './parts.ts'

describe('a change of a user', () => {
  const change = { kind: 'ban', body: { banned: true } } as const

  async function controlOver(parts = fakeParts(), states = [part('node-1'), part('node-2'), part('proxy')]) {
    const control = createControl({
      view: createClusterView('local', false),
      client: parts,
      supervisor: undefined,
    })
    await control.observe(states)
    return { control, parts }
  }

  it('is told to every node that runs, and to nobody else', async () => {
    const states = [part('node-1'), part('node-2'), part('node-3', 'stopped'), part('proxy')]
    const { control, parts } = await controlOver(fakeParts(), states)
    expect(await control.changeUser('user-2', change)).toMatchObject({
      nodes: [
        { id: 'node-1', done: true },
        { id: 'node-2', done: true },
      ],
      change: { user: { id: 'user-2' }, revokes: 'by-chance' },
    })
    expect(parts.told).toEqual(['ban user-2 node-1 {"banned":true}', 'ban user-2 node-2 {"banned":true}'])
  })

  it('names the node that did not do it', async () => {
    const { control, parts } = await controlOver()
    parts.problems.set('ban node-2', problem('node-2', false, 'node-2 did not answer within 5000 ms'))
    expect(await control.changeUser('user-2', change)).toMatchObject({
      error: 'not_everywhere',
      nodes: [
        { id: 'node-1', done: true },
        { id: 'node-2', done: false, message: 'node-2 did not answer within 5000 ms' },
      ],
    })
  })

  it('is refused when no node knows the user, or none runs', async () => {
    const { control, parts } = await controlOver()
    for (const id of ['node-1', 'node-2'])
      parts.problems.set(`ban ${id}`, { ...problem(id, true), status: 404 })
    expect(await control.changeUser('nobody', change)).toMatchObject({ status: 404 })
    const { control: lonely } = await controlOver(fakeParts(), [part('node-1', 'stopped')])
    expect(await lonely.changeUser('user-2', change)).toMatchObject({ status: 409 })
  })
})

describe('control over two real nodes in mode local', () => {
  let nodes: TestNode[]
  let server: ReturnType<typeof buildControlServer>
  beforeEach(async () => {
    nodes = await Promise.all([testNode(), testNode()])
    const control = createControl({
      view: createClusterView('local', false),
      client: createPartClient(ADMIN_TOKEN, 5_000),
      supervisor: undefined,
    })
    await control.observe(
      nodes.map(({ url, adminUrl }, index) => ({ ...part(`node-${index + 1}`), url, adminUrl })),
    )
    server = buildControlServer({ control, token: 'secret', logLevel: 'silent' })
  })
  afterEach(async () => {
    await server.close()
    for (const node of nodes) await node[Symbol.asyncDispose]()
  })
  const post = (url: string, payload: object) =>
    server.inject({ method: 'POST', url, headers: { authorization: 'Bearer secret' }, payload })

  it('ends a banned user’s logins in the memory of both, and no login begins at either', async () => {
    const clients = nodes.map((node) => new Client(node.url))
    for (const client of clients) expect((await client.login('user-2')).status).toBe(200)
    const answer = await post('/users/user-2/ban', { banned: true })
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toMatchObject({ change: { user: { banned: true }, revokes: 'by-chance' } })
    for (const client of clients) expect((await client.me()).body).toMatchObject({ reason: 'revoked' })
    for (const node of nodes) expect((await new Client(node.url).login('user-2')).status).toBe(403)
  })

  it('demotes an administrator at both', async () => {
    const clients = nodes.map((node) => new Client(node.url))
    for (const client of clients) await client.login('user-1')
    expect((await post('/users/user-1/role', { role: 'user' })).statusCode).toBe(200)
    for (const client of clients) {
      expect((await client.me()).status).toBe(401)
      await client.login('user-1', undefined, { 'x-csrf': '1' })
      expect((await client.me()).body).toMatchObject({ role: 'user' })
    }
  })

  it('refuses what is no change, and a user nobody knows', async () => {
    expect((await post('/users/user-2/ban', { banned: 'yes' })).statusCode).toBe(400)
    expect((await post('/users/user-2/role', { role: 'emperor' })).statusCode).toBe(400)
    expect((await post('/users/nobody/ban', { banned: true })).statusCode).toBe(404)
    const noId = await post('/users/%00/ban', { banned: true })
    expect([noId.statusCode, noId.json().field]).toEqual([400, 'id'])
  })
})

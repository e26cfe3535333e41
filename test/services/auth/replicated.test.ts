import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { freePort } from '#cluster/free-port.ts'
import { Client } from './client.ts'
import { freshKeyRing } from './keys.ts'
import type { TestNode } from './test-node.ts'
import { testNode } from './test-node.ts'

const keyRing = freshKeyRing()
let ports: [number, number]
let nodes: TestNode[]

/** Node 1 or 2 of a cluster of two; it keeps its private address when it comes back. */
async function start(index: 0 | 1, more: Record<string, string> = {}): Promise<TestNode> {
  const node = await testNode(
    {
      STILLIN_MODE: 'replicated',
      STILLIN_NODE_ID: `node-${index + 1}`,
      STILLIN_ADMIN_PORT: String(ports[index]),
      STILLIN_PEERS: ports.map((port, place) => `node-${place + 1}=http://127.0.0.1:${port}`).join(','),
      ...more,
    },
    keyRing,
  )
  nodes.push(node)
  return node
}

async function stop(node: TestNode): Promise<void> {
  nodes.splice(nodes.indexOf(node), 1)
  await node[Symbol.asyncDispose]()
}

/** The same login at another node. */
function at(node: TestNode, client: Client): Client {
  const other = new Client(node.url)
  other.headers = { ...client.headers }
  return other
}

async function loggedIn(node: TestNode, user = 'user-1'): Promise<Client> {
  const client = new Client(node.url)
  expect((await client.login(user)).status).toBe(200)
  return client
}

beforeEach(async () => {
  ports = [await freePort(), await freePort()]
  nodes = []
})
afterEach(async () => {
  for (const node of nodes.splice(0)) await node[Symbol.asyncDispose]()
})

describe('two nodes', () => {
  test('both have a login, a write, a logout and a logout everywhere when they are acknowledged', async () => {
    const [one, two] = [await start(0), await start(1)]
    const client = await loggedIn(one)
    expect((await at(two, client).me()).status).toBe(200)
    await at(two, client).write({ cart: ['tea'] })
    expect((await client.send('GET', '/me/data')).body).toEqual({ data: { cart: ['tea'] } })
    const copy = client.twin()
    expect((await at(two, client).logout()).status).toBe(204)
    expect(await copy.me()).toMatchObject({ status: 401, body: { reason: 'unknown' } })

    const [here, there] = [await loggedIn(one), await loggedIn(two)]
    expect((await here.twin().logout('/logout/all')).status).toBe(204)
    expect(await there.me()).toMatchObject({ status: 401, body: { reason: 'revoked' } })
  })

  test('say how far behind the other one is', async () => {
    const [one] = [await start(0), await start(1)]
    await loggedIn(one)
    const { replication } = await one.usage()
    expect(replication).toMatchObject({ held: 1, peers: [{ id: 'node-2', reachable: true }] })
    expect(replication?.peers[0]?.lagMsMax).toBeGreaterThan(0)
    const metrics = await fetch(`${one.url}/metrics`)
    expect(await metrics.text()).toMatch(
      /stillin_replication_lag_seconds\{peer="node-2",node="node-1"\} 0\.\d+/,
    )
  })

  test('refuse a login that one of them has no room for, at both', async () => {
    const [one] = [await start(0), await start(1, { STILLIN_MEMORY_MAX_SESSIONS: '1' })]
    await loggedIn(one)
    const refused = await new Client(one.url).login('user-2')
    expect(refused).toMatchObject({ status: 503, body: { reason: 'memory_full' } })
    expect((await one.usage()).replication?.held).toBe(1)
  })
})

describe('one user who keeps as much as is taken', () => {
  test('parts no node from the others', async () => {
    const [one, two] = [await start(0), await start(1)]
    const greedy = await loggedIn(one)
    // Sent in less than the largest body; written out, 1e20 has 21 digits.
    const members = Math.floor((1024 * 1024 - 10) / '1e20,'.length)
    const body = `{"a":[${Array(members).fill('1e20').join(',')}]}`
    const caughtUp = (await two.usage()).replication?.catchUps
    const answer = await greedy.send('PUT', '/me/data', body, { 'x-csrf': '1' })
    const other = await loggedIn(one, 'user-2')
    expect((await at(two, other).me()).status).toBe(200)
    expect((await one.usage()).replication?.peers).toMatchObject([{ reachable: true }])
    expect((await two.usage()).replication?.catchUps).toBe(caughtUp)
    expect(answer).toMatchObject({ status: 413, body: { error: 'data_too_large' } })
  })
})

describe('a node that was away', () => {
  test('has every login and every logout before it answers', async () => {
    const [one, two] = [await start(0), await start(1)]
    const [stays, leaves] = [await loggedIn(two), await loggedIn(two, 'user-2')]
    await stop(two)
    const late = await loggedIn(one, 'user-3')
    const copy = leaves.twin()
    expect((await at(one, leaves).logout()).status).toBe(204)
    const again = await start(1)
    expect((await at(again, stays).me()).status).toBe(200)
    expect((await at(again, late).me()).status).toBe(200)
    expect((await at(again, copy).me()).status).toBe(401)
    expect((await again.usage()).replication?.catchUps).toBeGreaterThan(0)
    // Both directions again.
    const next = await loggedIn(again, 'user-4')
    expect((await at(one, next).me()).status).toBe(200)
  })

  test('does not keep the others from working', async () => {
    const [one, two] = [await start(0), await start(1)]
    await stop(two)
    const client = await loggedIn(one)
    expect((await client.me()).status).toBe(200)
    expect((await client.logout()).status).toBe(204)
    expect((await one.usage()).replication?.peers).toMatchObject([{ reachable: false }])
  })
})

describe('a write overtaken by a logout at the other node', () => {
  test('is refused, and brings the session back nowhere', async () => {
    const [one, two] = [await start(0), await start(1)]
    const client = await loggedIn(one)
    const [writer, leaver] = [at(two, client), client.twin()]
    await two.admin('PUT', '/gates/write-before-save', { held: true })
    const write = writer.write({ a: 1 })
    expect(await (await two.admin('GET', '/gates/write-before-save')).json()).toEqual({ waiting: 1 })
    expect((await leaver.logout()).status).toBe(204)
    await two.admin('PUT', '/gates/write-before-save', { held: false })
    expect(await write).toMatchObject({ status: 401, body: { reason: 'revoked' } })
    for (const node of [one, two]) expect((await at(node, client).me()).status).toBe(401)
  })
})

describe('a hole in what a peer sends', () => {
  test('is noticed; until it is filled the node refuses to answer rather than guess', async () => {
    const [one, two] = [await start(0), await start(1)]
    const client = await loggedIn(one)
    const before = (await two.usage()).replication?.catchUps ?? 0
    // As if batches of node 1 had been lost: the numbers jump.
    const jump = { from: 'node-1', incarnation: 'another', firstSeq: 7, changes: [] }
    expect((await two.admin('POST', '/replication', jump)).status).toBe(200)
    await expect.poll(async () => (await two.usage()).replication?.catchUps ?? 0).toBeGreaterThan(before)
    await expect.poll(async () => (await at(two, client).me()).status).toBe(200)
  })
})

describe('the address between nodes', () => {
  test('wants the admin token, knows its fields, and has nothing to say in a node without copies', async () => {
    const one = await start(0)
    const path = `http://127.0.0.1:${ports[0]}/replication`
    expect((await fetch(`${path}?for=node-2`)).status).toBe(401)
    expect((await fetch(path, { method: 'POST', body: '{}' })).status).toBe(401)
    expect((await one.admin('POST', '/replication', { from: 'node-2' })).status).toBe(400)
    const local = await start(1, { STILLIN_MODE: 'local' })
    expect((await local.admin('GET', '/replication?for=node-1')).status).toBe(409)
  })

  test('is needless for a cluster of one', async () => {
    await using alone = await testNode()
    expect((await alone.usage()).replication).toBeUndefined()
    await alone.switchTo('replicated', 2)
    expect((await alone.usage()).replication).toMatchObject({ peers: [] })
  })
})

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { RunningCluster } from '#cluster/cluster.ts'
import { startCluster } from '#cluster/local-cluster.ts'
import type { StoreServer } from '#cluster/stores/store-server.ts'
import { isServer, STORE_NAMES, type StoreInstead } from '#contract/stores.ts'
import { whenGone } from '../cluster/processes.ts'
import { Client } from '../services/auth/client.ts'
import { storePlace } from '../store-places.ts'

/** What mode redis promises, over every store that can stand in Redis's place: on two live nodes behind the proxy. */

const STORES = STORE_NAMES.filter((name): name is StoreInstead['name'] => name !== 'redis')
const REVOKED = { status: 401 }
const UNAVAILABLE = { status: 503, body: { reason: 'store_unavailable' } }
/** A busy machine may take longer than a question to a store may; this is no test of speed. */
const PATIENT = { STILLIN_REDIS_TIMEOUT_MS: '2000' }

describe.each(STORES)('mode redis over %s', (name) => {
  const owned = new AsyncDisposableStack()
  let store: StoreServer
  let missing: string | undefined
  let cluster: RunningCluster
  beforeAll(async () => {
    const place = await storePlace(name)
    if (typeof place === 'string') {
      missing = place
      return
    }
    store = owned.use(place)
    cluster = owned.use(
      await startCluster({ mode: 'redis', nodes: 2, store, nodeEnvironment: PATIENT, users: 20 }),
    )
  })
  beforeEach((context) => missing !== undefined && context.skip(missing))
  afterAll(() => owned.disposeAsync())

  const living = () => cluster.nodes().filter(({ condition }) => condition === 'ready')
  const everywhere = (client: Client) =>
    Promise.all(
      [cluster.proxy.url, ...living().map(({ url }) => url)].map((url) => {
        const there = new Client(url)
        there.headers = { ...client.headers }
        return there.me()
      }),
    )
  async function loggedIn(user: string): Promise<Client> {
    const client = new Client(cluster.proxy.url)
    expect((await client.login(user)).status).toBe(200)
    return client
  }

  it('accepts a login at every node, and what one node wrote the other reads', async () => {
    const client = await loggedIn('user-1')
    for (const answer of await everywhere(client)) expect(answer).toMatchObject({ status: 200 })
    expect((await client.write({ cart: ['tea'] })).status).toBeLessThan(300)
    for (const { url } of cluster.nodes()) {
      const there = new Client(url)
      there.headers = { ...client.headers }
      expect(await there.send('GET', '/me/data')).toMatchObject({ body: { data: { cart: ['tea'] } } })
    }
    const forged = client.twin()
    forged.headers = { cookie: `${client.headers['cookie']}x` }
    for (const answer of await everywhere(forged)) expect(answer).toMatchObject(REVOKED)
  })

  it('ends a login everywhere at once: by a logout, and by a logout of all', async () => {
    const [one, two, three] = [await loggedIn('user-2'), await loggedIn('user-2'), await loggedIn('user-2')]
    expect((await one.logout()).status).toBe(204)
    for (const answer of await everywhere(one)) expect(answer).toMatchObject(REVOKED)
    for (const answer of await everywhere(two)) expect(answer).toMatchObject({ status: 200 })
    expect((await two.send('GET', '/sessions')).body?.['sessions']).toHaveLength(2)
    expect((await two.logout('/logout/all')).status).toBe(204)
    for (const answer of await everywhere(three)) expect(answer).toMatchObject(REVOKED)
    const back = await loggedIn('user-2')
    for (const answer of await everywhere(back)) expect(answer).toMatchObject({ status: 200 })
  })

  it('keeps a login whose node died', async () => {
    const client = await loggedIn('user-4')
    await cluster.kill('node-1')
    for (const answer of await everywhere(client)) expect(answer).toMatchObject({ status: 200 })
  })

  it('answers 503 when the store is gone, and takes nobody’s cookie', async (context) => {
    if (!isServer(name)) return context.skip(`${name} has no process that could be gone`)
    const client = await loggedIn('user-5')
    const { pid } = store
    if (pid === undefined) return context.skip('this store is somebody else’s: it is not ours to kill')
    process.kill(pid, 'SIGKILL')
    await whenGone([pid])
    for (const answer of [...(await everywhere(client)), await client.logout(), await client.write({})]) {
      expect(answer).toMatchObject(UNAVAILABLE)
      expect(answer.headers.getSetCookie()).toEqual([])
    }
    const late = new Client(cluster.proxy.url)
    expect(await late.login('user-6')).toMatchObject(UNAVAILABLE)
    expect(await client.send('GET', '/readyz')).not.toMatchObject({ body: { store: 'up' } })
  })
})

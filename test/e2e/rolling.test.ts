import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askAdmin } from '#bench/experiment/lab/admin-client.ts'
import { sendOnce } from '#bench/load/send.ts'
import { createClient } from '#bench/workload/client.ts'
import type { RunningCluster } from '#cluster/cluster.ts'
import { startCluster } from '#cluster/local-cluster.ts'
import { provideRedis } from '#cluster/redis/provide-redis.ts'
import type { RedisServer } from '#cluster/redis/redis-server.ts'
import { LAB } from '#contract/lab.ts'
import { MODE_NAMES, MODES, type ModeName } from '#contract/modes.ts'
import { ADMIN_ROUTES } from '#contract/routes.ts'
import { stillinTarget } from '#contract/target.ts'

/** Rolling renewal on two live nodes behind the proxy: the clocks of nodes and Redis are moved, nobody waits. */

const IDLE_S = 60
const END_S = 150
/** `redis-stock` rolls without an end; in `local` a use reaches the node that holds the login by chance. */
const MODES_THAT_ROLL = MODE_NAMES.filter((mode) => mode !== 'redis-stock' && mode !== 'local')

let redis: RedisServer | undefined
let cluster: RunningCluster

beforeAll(async () => {
  redis = await provideRedis()
  const nodeEnvironment = {
    STILLIN_RENEWAL: 'rolling',
    STILLIN_LIFETIME_S: String(IDLE_S),
    STILLIN_REFRESH_S: String(END_S),
    STILLIN_REDIS_TIMEOUT_MS: '2000',
  } as const
  cluster = await startCluster({ mode: 'sticky', nodes: 2, redis, nodeEnvironment })
})

afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]()
  await redis?.[Symbol.asyncDispose]()
})

let offsetMs = 0

/** Moves every node's clock, and every key of Redis nearer to its end. */
async function pass(seconds: number): Promise<void> {
  offsetMs += seconds * 1000
  for (const { adminUrl } of cluster.nodes())
    await askAdmin(adminUrl, cluster.adminToken, 'PUT', ADMIN_ROUTES.clock, { offsetMs })
  if (redis === undefined) return
  const store = new Redis(redis.url)
  try {
    for (const key of await store.keys('stillin:*')) {
      const leftMs = await store.pttl(key)
      if (leftMs >= 0) await store.pexpire(key, leftMs - seconds * 1000)
    }
  } finally {
    store.disconnect()
  }
}

async function loggedIn(mode: ModeName, user: string) {
  await cluster.setMode(mode)
  const target = stillinTarget(MODES[mode], cluster.proxy.url, cluster.nodes(), 'rolling')
  const client = createClient(target, user, LAB.password)
  const send = async (operation: 'login' | 'lookup') => {
    const request = client.request(operation)
    if (request === undefined) throw new Error(`no ${operation}`)
    const answer = await sendOnce(target.url, request, { timeoutMs: 10_000 })
    if (answer.kind !== 'answer') throw new Error(`${operation}: ${answer.kind}`)
    client.absorb(answer.setCookies, answer.body, answer.headers)
    return answer.status
  }
  expect(await send('login')).toBe(200)
  return { lookup: () => send('lookup') }
}

describe.each(MODES_THAT_ROLL)('a login that is renewed by use, in %s', (mode) => {
  it('outlives its idle time while it is used, at whichever node, and not its absolute end', async () => {
    const { lookup } = await loggedIn(mode, 'user-1')
    for (const seconds of [50, 50, 45]) {
      await pass(seconds)
      expect(await lookup()).toBe(200)
    }
    await pass(10)
    expect(await lookup()).toBe(401)
  })

  it('ends when nobody uses it for its idle time', async () => {
    const { lookup } = await loggedIn(mode, 'user-2')
    await pass(IDLE_S + 1)
    expect(await lookup()).toBe(401)
  })
})

import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import type { ClusterEvent, ClusterOptions, RunningCluster } from '#cluster/cluster.ts'
import { createControlClient } from '#cluster/control-client.ts'
import { freePort } from '#cluster/free-port.ts'
import { startCluster } from '#cluster/local-cluster.ts'
import { provideRedis } from '#cluster/redis/provide-redis.ts'
import { attachCluster } from '#cluster/remote/remote-cluster.ts'
import type { RemoteDriver } from '#cluster/remote/remote-driver.ts'
import { EXIT } from '#contract/errors.ts'
import { HEALTHY_LINK } from '#contract/links.ts'
import { demandPid, FAKE_PART, isRunning, whenGone } from './processes.ts'

interface Usage {
  pid: number
  mode: string
  generation: number
  environment: Record<string, string>
  told: readonly { mode: string; generation: number; phase: string }[]
}

function startFakes(options: Partial<ClusterOptions> = {}): Promise<RunningCluster> {
  return startCluster({ mode: 'local', nodes: 2, entries: { node: FAKE_PART, proxy: FAKE_PART }, ...options })
}

function controlOf({ control }: RunningCluster) {
  return createControlClient(control.url, control.token)
}

/** As somebody would drive it who did not start it. */
function driverOf(cluster: RunningCluster): RemoteDriver {
  const { control, adminToken, proxy, redis } = cluster
  const parts = cluster.state().parts.map((part) => ({ url: '', adminUrl: '', ...part, names: [] }))
  const never = () => Promise.reject(new Error('not wanted here'))
  return {
    name: 'the same',
    control,
    adminToken,
    proxy,
    redis,
    look: async () => parts,
    settings: {
      users: 10,
      forwarder: 'http-proxy',
      jwtAlgorithm: 'HS256',
      jwtVerifier: 'jose',
      renewal: 'fixed',
    },
    readRing: never,
    lacks: () => undefined,
    signal: never,
    cut: never,
  }
}

async function usageOf(cluster: RunningCluster, adminUrl: string): Promise<Usage> {
  const answer = await fetch(`${adminUrl}/usage`, {
    headers: { authorization: `Bearer ${cluster.adminToken}` },
  })
  return (await answer.json()) as Usage
}

function node(cluster: RunningCluster, id: string) {
  const found = cluster.nodes().find((candidate) => candidate.id === id)
  if (found === undefined) throw new Error(`no ${id}`)
  return found
}

describe('a cluster', () => {
  it('runs its parts until it is disposed, and leaves none', async () => {
    const cluster = await startFakes({ nodes: 3 })
    const pids = cluster.state().parts.flatMap(({ pid }) => pid ?? [])
    expect(cluster.state().parts.map(({ id, condition }) => `${id} ${condition}`)).toEqual([
      'control ready',
      'node-1 ready',
      'node-2 ready',
      'node-3 ready',
      'proxy ready',
    ])
    expect(pids).toHaveLength(5)
    await cluster[Symbol.asyncDispose]()
    await whenGone(pids)
  })

  it('tells every node what was asked for, and shares one ring and one directory', async () => {
    await using cluster = await startFakes({
      users: 7,
      lifetimeS: 5,
      memory: { maxSessions: 9 },
      jwtVerifier: 'node',
    })
    const [one, two] = await Promise.all(cluster.nodes().map((each) => usageOf(cluster, each.adminUrl)))
    expect(one?.environment).toMatchObject({
      STILLIN_NODE_ID: 'node-1',
      STILLIN_MODE: 'local',
      STILLIN_USERS: '7',
      STILLIN_LIFETIME_S: '5',
      STILLIN_MEMORY_MAX_SESSIONS: '9',
      STILLIN_JWT_VERIFIER: 'node',
    })
    expect(two?.environment['STILLIN_KEYS_FILE']).toBe(one?.environment['STILLIN_KEYS_FILE'])
    expect(two?.environment['STILLIN_DIRECTORY_FILE']).toBe(one?.environment['STILLIN_DIRECTORY_FILE'])
    expect(one?.environment).not.toHaveProperty('STILLIN_REDIS_URL')
  })

  it('leads nodes to Redis and to each other through relays where links are asked for, and to themselves directly', async () => {
    const redis = { url: 'redis://127.0.0.1:6379', version: '', origin: 'path', description: '' } as const
    await using cluster = await startFakes({
      redis: { ...redis, [Symbol.asyncDispose]: async () => {} },
      links: true,
    })
    const [one, two] = cluster.nodes()
    const { environment } = await usageOf(cluster, one?.adminUrl ?? '')
    const peers = String(environment['STILLIN_PEERS']).split(',')
    expect(peers[0]).toBe(`node-1=${one?.adminUrl}`)
    expect(peers[1]).toMatch(/^node-2=http:\/\/127\.0\.0\.1:\d+$/)
    expect(peers[1]).not.toBe(`node-2=${two?.adminUrl}`)
    expect(environment['STILLIN_REDIS_URL']).toBe(cluster.redisUrlOf('node-1'))
    expect(cluster.redisUrlOf('node-1')).not.toBe(cluster.redisUrlOf('node-2'))
    await using attached = await attachCluster(driverOf(cluster))
    expect(attached.redisUrlOf('node-2')).toBe(cluster.redisUrlOf('node-2'))
    await cluster.link('node-1', 'node-2', { cut: true })
    const changed = { from: 'node-1', to: 'node-2', condition: { ...HEALTHY_LINK, cut: true } }
    expect(cluster.state().links).toContainEqual(expect.objectContaining(changed))
    await expect.poll(async () => (await controlOf(cluster).state()).links).toEqual(cluster.state().links)
    await expect(fetch(`${peers[1]?.slice('node-2='.length)}/usage`)).rejects.toThrow()
    await cluster.link('node-1', 'node-2', {})
    expect((await fetch(`${peers[1]?.slice('node-2='.length)}/usage`)).status).toBe(401)
    await expect(cluster.link('node-1', 'node-9', {})).rejects.toThrow('from there to redis, node-2')
    await expect(cluster.link('node-1', 'redis', { delayMs: -1 })).rejects.toThrow('delayMs')
  })

  it('sends no command to a Redis that somebody else has named', async () => {
    const redis = { url: 'redis://127.0.0.1:9', version: '', origin: 'REDIS_URL', description: '' } as const
    await using cluster = await startFakes({ redis: { ...redis, [Symbol.asyncDispose]: async () => {} } })
    await expect(cluster.askRedis('FLUSHALL')).rejects.toThrow('FLUSHALL: not done to the Redis at REDIS_URL')
  })

  it('changes no link where it was started without relays', async () => {
    await using cluster = await startFakes()
    await expect(cluster.link('node-1', 'node-2', { cut: true })).rejects.toThrow('without relays')
    expect([cluster.state(), await controlOf(cluster).state()]).not.toContainEqual(
      expect.objectContaining({ links: expect.anything() }),
    )
  })

  it('switches every part, nodes before the proxy', async () => {
    await using cluster = await startFakes()
    expect(await cluster.setMode('sticky')).toEqual({ mode: 'sticky', generation: 2 })
    for (const url of [...cluster.nodes().map(({ adminUrl }) => adminUrl), cluster.proxy.adminUrl]) {
      const usage = await usageOf(cluster, url)
      expect(usage).toMatchObject({ mode: 'sticky', generation: 2 })
      expect(usage.told.map(({ phase }) => phase)).toEqual(['prepare', 'commit'])
    }
    expect(cluster.state()).toMatchObject({ mode: 'sticky', generation: 2 })
  })

  it('does not restart a killed node, and starts it on the same ports in the mode of the moment', async () => {
    const events: ClusterEvent[] = []
    await using cluster = await startFakes({ onEvent: (event) => events.push(event) })
    const before = node(cluster, 'node-2')
    await cluster.kill('node-2')
    expect(isRunning(demandPid(before.pid))).toBe(false)
    expect(node(cluster, 'node-2')).toEqual({ ...before, pid: undefined, condition: 'stopped' })
    await cluster.setMode('jwt')
    await cluster.start('node-2')
    const after = node(cluster, 'node-2')
    expect(after).toEqual({ ...before, pid: after.pid })
    expect(after.pid).not.toBe(before.pid)
    expect((await usageOf(cluster, after.adminUrl)).environment).toMatchObject({
      STILLIN_MODE: 'jwt',
      STILLIN_GENERATION: '2',
    })
    const told = events.filter(({ part }) => part === 'node-2').map(({ kind }) => kind)
    expect(told).toEqual(['starting', 'ready', 'killed', 'starting', 'ready'])
  })

  it('starts a node again with the renewal and the clock that were set since the cluster began', async () => {
    await using cluster = await startFakes({ movableClocks: true })
    const environmentOf = async (id: string) =>
      (await usageOf(cluster, node(cluster, id).adminUrl)).environment
    expect(await environmentOf('node-2')).not.toHaveProperty('STILLIN_RENEWAL_NOW')
    await cluster.renewBy({ renewal: 'pair', refresh: 'stateless' })
    await cluster.setClock('node-2', -5_000)
    await cluster.kill('node-2')
    await cluster.start('node-2')
    expect(await environmentOf('node-2')).toMatchObject({
      STILLIN_RENEWAL_NOW: 'pair',
      STILLIN_REFRESH_NOW: 'stateless',
      STILLIN_CLOCK_OFFSET_MS: '-5000',
    })
    // Put right while it is dead, it starts right.
    await cluster.kill('node-2')
    await cluster.setClock('node-2', 0)
    await cluster.start('node-2')
    expect(await environmentOf('node-2')).toMatchObject({ STILLIN_CLOCK_OFFSET_MS: '0' })
    expect(cluster.state().renewal).toEqual({ renewal: 'pair', refresh: 'stateless' })
  })

  it('keeps the mode while the proxy is dead', async () => {
    await using cluster = await startFakes()
    await cluster.kill('proxy')
    await cluster.setMode('cookie')
    await cluster.start('proxy')
    expect(await usageOf(cluster, cluster.proxy.adminUrl)).toMatchObject({ mode: 'cookie', generation: 2 })
  })

  it('pauses a node and lets it go on, and says why it will not switch meanwhile', async () => {
    await using cluster = await startFakes()
    await cluster.pause('node-1')
    expect(node(cluster, 'node-1').condition).toBe('paused')
    await expect(cluster.setMode('jwt')).rejects.toThrow('node-1 is paused and cannot switch with the others')
    await expect(cluster.pause('node-1')).rejects.toThrow('node-1 is paused already')
    await cluster.resume('node-1')
    await expect(cluster.setMode('jwt')).resolves.toMatchObject({ mode: 'jwt' })
  })

  it('reports a part that ends unasked, with its last condition', async () => {
    const exited = Promise.withResolvers<ClusterEvent>()
    await using cluster = await startFakes({
      onEvent: (event) => {
        if (event.kind === 'exited') exited.resolve(event)
      },
    })
    process.kill(demandPid(node(cluster, 'node-2').pid), 'SIGKILL')
    expect(await exited.promise).toMatchObject({ part: 'node-2', detail: 'SIGKILL' })
    expect(node(cluster, 'node-2').condition).toBe('stopped')
  })

  it('reports a Redis that ends unasked', async () => {
    await using redis = await provideRedis()
    const exited = Promise.withResolvers<ClusterEvent>()
    await using cluster = await startFakes({
      redis,
      onEvent: (event) => {
        if (event.kind === 'exited') exited.resolve(event)
      },
    })
    process.kill(demandPid(redis?.pid), 'SIGKILL')
    expect(await exited.promise).toMatchObject({ part: 'redis', detail: 'SIGKILL' })
    expect(cluster.state().parts.find(({ id }) => id === 'redis')).toMatchObject({ condition: 'stopped' })
  })

  it('kills, starts, pauses and resumes a Redis of its own, which keeps its address', async () => {
    await using redis = await provideRedis({ persistence: 'aof' })
    const events: ClusterEvent[] = []
    await using cluster = await startFakes({ redis, onEvent: (event) => events.push(event) })
    const store = () => cluster.state().parts.find(({ id }) => id === 'redis')
    const before = store()
    await cluster.kill('redis')
    expect(isRunning(demandPid(before?.pid))).toBe(false)
    expect(store()).toEqual({ id: 'redis', kind: 'redis', condition: 'stopped', url: redis?.url })
    await expect(cluster.pause('redis')).rejects.toThrow('redis is stopped; that rules out to pause it')
    await cluster.start('redis')
    expect(store()).toEqual({ ...before, pid: redis?.pid })
    expect(redis?.pid).not.toBe(before?.pid)
    await cluster.pause('redis')
    expect(store()?.condition).toBe('paused')
    await cluster.resume('redis')
    const told = events.filter(({ part }) => part === 'redis').map(({ kind }) => kind)
    expect(told).toEqual(['killed', 'starting', 'ready', 'paused', 'resumed'])
  })

  it('stops a node in order and starts it again', async () => {
    await using cluster = await startFakes()
    await cluster.stop('node-1')
    expect(node(cluster, 'node-1').condition).toBe('stopped')
    await expect(cluster.stop('node-1')).rejects.toThrow('node-1 is stopped; that rules out to stop it')
    await cluster.start('node-1')
    await cluster.whenHealthy('node-1')
    expect(node(cluster, 'node-1').condition).toBe('ready')
  })

  it('refuses what cannot be done to a part, in words', async () => {
    await using cluster = await startFakes()
    await expect(cluster.start('node-1')).rejects.toThrow('node-1 is ready already')
    await expect(cluster.kill('node-9')).rejects.toThrow('there is no part node-9')
  })
})

describe('a cluster that cannot start', () => {
  it('names the part that failed and leaves none of the others', async () => {
    const events: ClusterEvent[] = []
    const failing = startFakes({ plant: 'fail', onEvent: (event) => events.push(event) })
    await expect(failing).rejects.toThrow(/^node-[12] could not start: the directory is read-only$/)
    const started = events.filter(({ kind }) => kind === 'starting').map(({ part }) => part)
    const ended = events.filter(({ kind }) => ['failed', 'stopped'].includes(kind)).map(({ part }) => part)
    expect(ended.sort()).toEqual(started.sort())
  })

  it('says which port is in use', async () => {
    const port = await freePort()
    const server = createServer().listen(port, '127.0.0.1')
    try {
      await expect(startFakes({ proxyPort: port })).rejects.toMatchObject({
        message: `port ${port}, wanted for the proxy, is in use`,
        exitCode: EXIT.unavailable,
      })
    } finally {
      server.close()
    }
  })

  it('says that the mode needs a Redis', async () => {
    await expect(startFakes({ mode: 'redis' })).rejects.toMatchObject({
      message: 'mode redis needs a Redis and there is none',
      exitCode: EXIT.unavailable,
    })
  })

  it('ends what was started when it is interrupted', async () => {
    const interruption = new AbortController()
    const reason = new Error('interrupted')
    const starting = startFakes({
      signal: interruption.signal,
      onEvent: (event) => {
        if (event.kind === 'ready') interruption.abort(reason)
      },
    })
    await expect(starting).rejects.toBe(reason)
  })
})

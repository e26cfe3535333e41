import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { seedOnNode } from '#bench/experiment/lab/seeding.ts'
import type { LoadClient, LoadGenerator, LoadPlan, Sample } from '#bench/load/plan.ts'
import { generatorOver } from '#bench/load/remote-generator.ts'
import { startChild } from '#cluster/child.ts'
import type { RunningCluster } from '#cluster/cluster.ts'
import { entryPoint } from '#cluster/entry-point.ts'
import { createKeyRing, writeKeyRing } from '#cluster/keys.ts'
import { startCluster } from '#cluster/local-cluster.ts'
import { temporaryFolder } from '#cluster/temporary-folder.ts'
import type { ForwarderName } from '#contract/environment.ts'
import { labUserIds } from '#contract/lab.ts'
import type { ProxyEvent, ProxyState } from '#contract/proxy-admin.ts'
import { ROUTES } from '#contract/routes.ts'

export type DrillAffinity = 'none' | 'cookie' | 'hash:user'

/** Real nodes (`node-1` to `node-3` take traffic, `node-4` waits), a proxy of its own before them, and a generator. */
export interface Drill extends AsyncDisposable {
  readonly cluster: RunningCluster
  /** Of the present proxy. */
  url: string
  readonly generator: LoadGenerator
  admin<T>(method: string, path: string, body?: unknown): Promise<T>
  events(): Promise<readonly ProxyEvent[]>
  /** All nodes run, and a new proxy stands before the three first: nothing that came before is left. */
  whole(): Promise<void>
}

const TOKEN = 'a-token-for-drills'
const WHOLE_MS = 30_000

export async function openDrill(forwarder: ForwarderName, affinity: DrillAffinity): Promise<Drill> {
  await using stack = new AsyncDisposableStack()
  const cluster = stack.use(await startCluster({ mode: 'local', nodes: 4 }))
  const folder = stack.use(await temporaryFolder())
  const keysFile = join(folder.path, 'keys.json')
  await writeKeyRing(keysFile, createKeyRing('HS256'))
  const three = () => cluster.nodes().slice(0, 3)
  const newProxy = () =>
    startChild({
      entry: entryPoint('proxy/main'),
      name: 'proxy',
      env: {
        STILLIN_PORT: '0',
        STILLIN_ADMIN_PORT: '0',
        STILLIN_ADMIN_TOKEN: TOKEN,
        STILLIN_KEYS_FILE: keysFile,
        STILLIN_FORWARDER: forwarder,
        STILLIN_AFFINITY: affinity,
        STILLIN_UPSTREAMS: three()
          .map(({ id, url }) => `${id}=${url}`)
          .join(','),
      },
    })
  let proxy = await newProxy()
  stack.defer(async () => {
    await proxy.stop()
  })
  const load = stack.use(await startChild({ entry: entryPoint('bench/load/main'), name: 'load', env: {} }))
  const generator = generatorOver({
    send: (message) => load.send(message as object),
    onMessage: (listener) => load.onMessage(listener),
  })
  const admin = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch((proxy.ready.adminUrl ?? '') + path, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return (await answer.json()) as T
  }
  const isWhole = async (): Promise<boolean> => {
    const { upstreams } = await admin<ProxyState>('GET', '/cluster')
    return upstreams.length === 3 && upstreams.every(({ health }) => health === 'up')
  }
  const whole = async (): Promise<void> => {
    for (const { id, condition } of cluster.nodes()) {
      if (condition === 'paused') await cluster.resume(id)
      else if (condition !== 'ready') await cluster.start(id)
    }
    await proxy.stop()
    proxy = await newProxy()
    drill.url = proxy.ready.url ?? ''
    const deadlineMs = performance.now() + WHOLE_MS
    while (!(await isWhole())) {
      if (performance.now() > deadlineMs) throw new Error('the drill did not become whole again')
      await delay(50)
    }
  }
  const owned = stack.move()
  const drill: Drill = {
    cluster,
    url: proxy.ready.url ?? '',
    generator,
    admin,
    whole,
    events: async () => (await admin<{ events: ProxyEvent[] }>('GET', '/events?since=0')).events,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
  return drill
}

/** Somebody who is logged in at the node that the proxy led them to. */
export interface DrillUser {
  id: string
  home: string
  credential: Readonly<Record<string, string>>
  client: LoadClient
}

/** Lets the proxy choose a node for each user, and logs the user in there. */
export async function settleUsers(drill: Drill, count: number): Promise<DrillUser[]> {
  const placed: { id: string; home: string; cookies: string[] }[] = []
  for (const id of labUserIds(0, count)) {
    const cookies = [`user=${id}`]
    const answer = await fetch(drill.url + ROUTES.baseline, { headers: { cookie: cookies.join('; ') } })
    for (const line of answer.headers.getSetCookie()) cookies.push(line.split(';', 1)[0] ?? '')
    await answer.arrayBuffer()
    placed.push({ id, home: answer.headers.get('x-served-by') ?? '', cookies })
  }
  const users: DrillUser[] = []
  for (const node of drill.cluster.nodes()) {
    const mine = placed.filter(({ home }) => home === node.id)
    const logins = await seedOnNode(
      drill.cluster,
      node,
      mine.map(({ id }) => id),
    )
    for (const [i, { id, home, cookies }] of mine.entries()) {
      const credential = logins[i]?.credential.headers ?? {}
      const cookie = [credential['cookie'], ...cookies].filter((part) => part !== undefined).join('; ')
      users.push({ id, home, credential, client: { userId: id, headers: { cookie }, expectation: 'accept' } })
    }
  }
  return users
}

/** How many of these users no running node accepts any more. */
export async function countLost(drill: Drill, users: readonly DrillUser[]): Promise<number> {
  let lost = 0
  for (const { credential } of users) {
    let accepted = false
    for (const { url, condition } of drill.cluster.nodes()) {
      if (condition !== 'ready') continue
      const answer = await fetch(url + ROUTES.me, { headers: credential })
      await answer.arrayBuffer()
      accepted ||= answer.status === 200
    }
    if (!accepted) lost += 1
  }
  return lost
}

/** GETs at a constant mean rate for so long; every one of them is kept. */
export async function load(
  drill: Drill,
  users: readonly DrillUser[],
  ratePerS: number,
  forMs: number,
): Promise<Sample[]> {
  const samples: Sample[] = []
  const plan: LoadPlan = {
    kind: 'open',
    urls: [drill.url],
    request: { method: 'GET', path: ROUTES.baseline, headers: {} },
    clients: users.map(({ client }) => client),
    userMember: undefined,
    connections: 64,
    leadMs: 0,
    windowMs: forMs,
    tailMs: 0,
    ratePerS,
    arrivals: 'poisson',
    seed: 1,
    timeoutMs: 20_000,
    keepSamples: true,
    followCookies: true,
  }
  await drill.generator.run(plan, { onSamples: (batch) => void samples.push(...batch) })
  return samples
}

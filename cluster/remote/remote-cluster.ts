import type { ClusterState } from '#contract/control.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import type { LinkRequest } from '#contract/links.ts'
import type { NodeHandle, RunningCluster } from '../cluster.ts'
import { createControlClient } from '../control-client.ts'
import { createLabActs } from '../lab-acts.ts'
import { relayedUrl } from '../relayed-url.ts'
import type { RemoteAction, RemoteDriver, RemotePart, RemoteSettings } from './remote-driver.ts'
import { whenControlSees, whenInGeneration, whenProxySees } from './when-ready.ts'

/** A cluster that somebody else started and that goes on when this is disposed. */
export interface RemoteCluster extends RunningCluster {
  readonly name: string
  readonly settings: RemoteSettings
}

/** Drives a running cluster through its control and whatever the driver signals with. */
export async function attachCluster(driver: RemoteDriver): Promise<RemoteCluster> {
  const client = createControlClient(driver.control.url, driver.control.token)
  let present = await client.state()
  let parts = await driver.look()
  const proxyAdmin = { url: driver.proxy.adminUrl, token: driver.adminToken }

  const partOf = (name: string): RemotePart => {
    const found = parts.find(({ id, names }) => id === name || names.includes(name))
    if (found !== undefined) return found
    const known = parts.map(({ id, names }) => [id, ...names].join(' = ')).join('; ')
    throw new StillinError(`there is no part ${JSON.stringify(name)} in ${driver.name}`, {
      exitCode: EXIT.usage,
      hint: `There are ${known}.`,
    })
  }
  const act =
    (action: RemoteAction) =>
    async (name: string): Promise<void> => {
      const part = partOf(name)
      await driver.signal(action, part)
      parts = await driver.look()
    }
  async function start(name: string): Promise<void> {
    const before = partOf(name)
    await act('start')(name)
    const now = parts.find(({ names }) => names.some((other) => before.names.includes(other)))
    if (now === undefined || now.kind !== 'node') return
    if (now.id !== before.id && before.id !== before.names[0])
      throw new StillinError(`${before.id} came back as ${now.id}: its address was given to somebody else`)
    await whenInGeneration({ url: now.adminUrl, token: driver.adminToken }, present.generation)
  }
  async function link(from: string, to: string, request: LinkRequest): Promise<void> {
    const { delayMs = 0, jitterMs = 0, silent = false, cut = false } = request
    if (delayMs > 0 || jitterMs > 0)
      throw new StillinError(`${driver.name} can cut links, not slow them`, { exitCode: EXIT.usage })
    await driver.cut(partOf(from), to, cut || silent)
    parts = await driver.look()
  }
  const nodes = (): readonly NodeHandle[] => parts.filter(({ kind }) => kind === 'node').map(toHandle)
  return {
    name: driver.name,
    settings: driver.settings,
    nodes,
    proxy: {
      ...driver.proxy,
      get pid() {
        return parts.find(({ kind }) => kind === 'proxy')?.pid
      },
    },
    control: driver.control,
    adminToken: driver.adminToken,
    shop: undefined,
    redis: driver.redis,
    store: undefined,
    ...createLabActs(driver, nodes, client),
    redisUrlOf(nodeId) {
      const relay = present.links?.find(({ from, to }) => from === nodeId && to === 'redis')
      return driver.redis && (relay ? relayedUrl(driver.redis.url, relay.port) : driver.redis.url)
    },
    storeUrlOf: () => undefined,
    lacks: (act) => driver.lacks(act),
    startedInMs: 0,
    // Whoever started it ends it.
    shutdownRequested: new Promise(() => {}),
    state: (): ClusterState => ({
      mode: present.mode,
      generation: present.generation,
      canSignal: true,
      ...(present.links && { links: present.links }),
      parts: parts.map(({ names: _, ...part }) => part),
    }),
    kill: act('kill'),
    start,
    pause: act('pause'),
    resume: act('resume'),
    stop: act('stop'),
    addNode: () => notFromHere(driver.name),
    removeNode: () => notFromHere(driver.name),
    drain: (name) => client.drain(partOf(name).id),
    endDrain: (name) => client.endDrain(partOf(name).id),
    link,
    whenHealthy: (name) => whenProxySees(proxyAdmin, partOf(name).id),
    async setMode(mode) {
      await whenControlSees(client, nodes())
      const switched = await client.setMode(mode)
      present = { ...present, ...switched }
      return switched
    },
    async renewBy(setting) {
      await whenControlSees(client, nodes())
      await client.renewBy(setting)
    },
    [Symbol.asyncDispose]: async () => {
      await driver.redis?.[Symbol.asyncDispose]()
    },
  }
}

async function notFromHere(name: string): Promise<never> {
  throw new StillinError(`${name}: nodes are added and taken out by who started it`, {
    exitCode: EXIT.usage,
    hint: 'In containers: docker-compose up -d --scale node=4',
  })
}

function toHandle({ id, url, adminUrl, pid, condition }: RemotePart): NodeHandle {
  return { id, url, adminUrl, pid, condition }
}

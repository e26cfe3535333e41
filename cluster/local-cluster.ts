import type { PartState } from '#contract/control.ts'
import { StillinError } from '#contract/errors.ts'
import type { LinkRequest } from '#contract/links.ts'
import type { PartAction } from '#contract/supervision.ts'
import { type AddressPlan, planAddresses } from './address-plan.ts'
import { changeLink } from './change-link.ts'
import { createNodeChanges } from './change-nodes.ts'
import type { ClusterOptions, RunningCluster } from './cluster.ts'
import { createControlClient } from './control-client.ts'
import { type ClusterParts, createParts, type PartsOptions, startTogether } from './create-parts.ts'
import { createToken } from './keys.ts'
import { createLabActs, readRingFile } from './lab-acts.ts'
import { startLinks } from './links.ts'
import type { ActRefusal, ManagedPart } from './managed-part.ts'
import { nodeHandle } from './node-handle.ts'
import type { PresentState, SharedSettings } from './part-environment.ts'
import { demandStore, prepareRun } from './prepare-run.ts'
import { supervise } from './supervisor.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { type SignalledPart, type WatchedStore, watchStore } from './watch-store.ts'
import { whenControlKnows, whenProxySees, whenProxySeesAll } from './when-seen.ts'

const FIRST_GENERATION = 1

/**
 * Starts a cluster of processes on loopback: control, the nodes and the proxy, all at once. Resolves when the proxy
 * takes every node for healthy. Whatever goes wrong on the way, nothing is left behind.
 * @throws StillinError where the mode needs a Redis and there is none, a port is taken, or a part does not start.
 */
export async function startCluster(options: ClusterOptions): Promise<RunningCluster> {
  demandStore(options)
  await using resources = new AsyncDisposableStack()
  const folder = resources.use(await temporaryFolder())
  const plan = await planAddresses(options)
  const links = options.links ? resources.use(await startLinks(plan, options)) : undefined
  const shared = { ...(await prepareRun(folder.path, options)), links }
  const controlToken = createToken()
  const present: PresentState = {
    mode: options.mode,
    generation: FIRST_GENERATION,
    renewal: undefined,
    clockOffsetsMs: new Map(),
  }
  let report = (): void => {}
  const onChange = (): void => report()
  const wanted: PartsOptions = { options, shared, plan, controlToken, present, onChange }
  const parts = createParts(wanted)
  const all = (): ManagedPart[] => [parts.control, ...parts.nodes, parts.proxy, ...shopOf(parts)]
  resources.defer(async () => {
    await Promise.allSettled(all().map((part) => part.stop()))
  })

  const beganMs = performance.now()
  await startTogether(all(), options.signal)
  const store = watchStore(options, onChange)
  const states = (): PartState[] => [...all().map((part) => part.state()), ...store.states()]
  const changes = createNodeChanges(wanted, parts)
  const shutdown = Promise.withResolvers<void>()
  const onLink: Running['onLink'] = async (from, to, request) => {
    const refusal = await changeLink(shared.links, from, to, request)
    onChange()
    return refusal
  }
  const supervisor = supervise({
    control: demandChild(parts.control),
    parts: () => signalledParts(parts, store),
    states,
    links: () => links?.states(),
    onLink,
    onMode: (mode, generation) => void Object.assign(present, { mode, generation }),
    onAdd: changes.add,
    onRemove: changes.remove,
    onRenewal: (renewal) => void Object.assign(present, { renewal }),
    onShutdown: shutdown.resolve,
  })
  report = supervisor.report
  report()
  await whenProxySeesAll(plan, shared.adminToken, options.signal)

  const running: Running = { options, shared, plan, parts, store, present, states, onLink, controlToken }
  return runningCluster(running, {
    startedInMs: performance.now() - beganMs,
    shutdownRequested: shutdown.promise,
    owned: resources.move(),
  })
}

interface Running {
  readonly options: ClusterOptions
  readonly shared: SharedSettings
  readonly plan: AddressPlan
  readonly parts: ClusterParts
  readonly store: WatchedStore
  readonly present: PresentState
  readonly states: () => readonly PartState[]
  readonly onLink: (from: string, to: string, request: LinkRequest) => Promise<ActRefusal | undefined>
  readonly controlToken: string
}

function runningCluster(
  { options, shared, plan, parts, store, present, states, onLink, controlToken }: Running,
  life: { startedInMs: number; shutdownRequested: Promise<void>; owned: AsyncDisposableStack },
): RunningCluster {
  const proxy = parts.proxy.state()
  const controlUrl = parts.control.state().url ?? ''
  const client = createControlClient(controlUrl, controlToken)
  const act = (action: PartAction) => async (id: string) => {
    const part = signalledParts(parts, store).find((candidate) => candidate.id === id)
    if (part === undefined) throw new StillinError(`there is no part ${id} that can be signalled`)
    const refusal = await part.act(action)
    if (refusal !== undefined) throw new StillinError(refusal.message)
  }
  const nodes = () => parts.nodes.map(nodeHandle)
  const acts = createLabActs(
    { ...shared, redis: options.redis, readRing: () => readRingFile(shared.keysFile) },
    nodes,
    client,
  )
  return {
    nodes,
    proxy: {
      url: proxy.url ?? '',
      adminUrl: proxy.adminUrl ?? '',
      get pid() {
        return parts.proxy.state().pid
      },
    },
    control: { url: controlUrl, token: controlToken },
    adminToken: shared.adminToken,
    redis: options.redis,
    shop: parts.shop && { url: parts.shop.state().url ?? '', pid: parts.shop.state().pid },
    store: options.store,
    startedInMs: life.startedInMs,
    shutdownRequested: life.shutdownRequested,
    state() {
      const links = shared.links?.states()
      const { mode, generation, renewal } = present
      const more = { ...(renewal && { renewal }), ...(links && { links }) }
      return { mode, generation, canSignal: true, parts: states(), ...more }
    },
    kill: act('kill'),
    start: act('start'),
    pause: act('pause'),
    resume: act('resume'),
    async stop(id) {
      const part = [...parts.nodes, parts.proxy].find((candidate) => candidate.id === id)
      if (part === undefined) throw new StillinError(`there is no part ${id} that can be stopped`)
      const refusal = await part.end()
      if (refusal !== undefined) throw new StillinError(refusal.message)
    },
    async drain(id) {
      await whenControlKnows(client, states)
      await client.drain(id)
    },
    endDrain: (id) => client.endDrain(id),
    addNode: () => client.addNode(),
    removeNode: (id) => client.removeNode(id),
    async link(from, to, request) {
      const refusal = await onLink(from, to, request)
      if (refusal !== undefined) throw new StillinError(refusal.message)
    },
    ...acts,
    async setClock(id, offsetMs) {
      const node = parts.nodes.find((one) => one.id === id)
      // A clock goes on while the process on it is dead.
      if (node?.state().condition !== 'stopped') await acts.setClock(id, offsetMs)
      present.clockOffsetsMs.set(id, offsetMs)
    },
    redisUrlOf: (id) =>
      options.redis && (shared.links?.reach(id, 'redis', options.redis.url) ?? options.redis.url),
    storeUrlOf: (id) =>
      options.store && (shared.links?.reach(id, 'store', options.store.store.url) ?? options.store.store.url),
    whenHealthy: (id) => whenProxySees(plan, shared.adminToken, id),
    async setMode(mode) {
      await whenControlKnows(client, states)
      const switched = await client.setMode(mode)
      Object.assign(present, switched)
      return switched
    },
    async renewBy(setting) {
      await whenControlKnows(client, states)
      await client.renewBy(setting)
    },
    [Symbol.asyncDispose]: () => life.owned.disposeAsync(),
  }
}

function shopOf({ shop }: ClusterParts): readonly ManagedPart[] {
  return shop === undefined ? [] : [shop]
}

function signalledParts(parts: ClusterParts, store: WatchedStore): readonly SignalledPart[] {
  return [...parts.nodes, parts.proxy, ...shopOf(parts), ...(store.signalled ? [store.signalled] : [])]
}

function demandChild(part: ManagedPart) {
  const child = part.child()
  if (child === undefined) throw new StillinError(`${part.id} ended while the cluster was starting`)
  return child
}

import { randomBytes } from 'node:crypto'
import type { Server } from 'node:http'
import type { ForwarderName, ProxyAlgorithm } from '#contract/environment.ts'
import type { ModeName } from '#contract/modes.ts'
import { createAdminServer } from './admin/admin-server.ts'
import { EventRing } from './admin/event-ring.ts'
import { MetricsReader } from './admin/metrics.ts'
import { adminRoutes } from './admin/routes.ts'
import { UsageReader } from './admin/usage.ts'
import { AffinityCookie } from './balance/affinity-cookie.ts'
import { createBalancer } from './balance/create-balancer.ts'
import { createKeyReader, type KeySource } from './balance/routing-key.ts'
import { createSlowStart } from './balance/slow-start.ts'
import { Counters } from './counters.ts'
import { loadForwarder } from './forward/load-forwarder.ts'
import type { AccessLogOptions } from './guard/access-log.ts'
import { createGuard } from './guard/guard.ts'
import type { GuardContext } from './guard/guard-context.ts'
import { ModeState } from './guard/mode-state.ts'
import { openAccessLog } from './guard/open-access-log.ts'
import { createRequestIds } from './guard/request-ids.ts'
import { RetryBudget } from './guard/retry-budget.ts'
import { createTrustedPeers } from './guard/trusted-peers.ts'
import type { ProxySettings } from './settings.ts'
import { ActiveChecks } from './upstream/active-checks.ts'
import { Drains } from './upstream/drains.ts'
import { Ejection } from './upstream/ejection.ts'
import { Pool } from './upstream/pool.ts'
import { systemLookup } from './upstream/system-lookup.ts'
import { type Lookup, type NamedUpstream, UpstreamNames } from './upstream/upstream-names.ts'

/** What binds a user to an upstream: what the mode says, or one thing whatever the mode. */
export type Affinity =
  | { kind: 'by-mode' }
  | { kind: 'none' }
  | { kind: 'cookie' }
  | { kind: 'hash'; source: KeySource }

export interface ProxyConfig {
  mode: ModeName
  generation: number
  forwarder: ForwarderName
  algorithm: ProxyAlgorithm
  affinity: Affinity
  upstreams: readonly NamedUpstream[]
  /** Of the key ring; the affinity cookie's key is derived from it. */
  cookieSecret: Uint8Array
  tls: boolean
  /** Of the private listener; absent: it answers nobody. */
  adminToken: string | undefined
  /** Addresses or networks (`10.0.0.0/8`) whose forwarding headers are believed. */
  trustedProxies: readonly string[]
  /** Absent: there is no access log. */
  accessLog: AccessLogOptions | undefined
  /** How names of upstreams become addresses; as the system does unless given. */
  lookup?: Lookup
  /** How often names are resolved again; the settings' own unless given. */
  resolveEveryMs?: number | undefined
}

/** A proxy that is built and works, and whose two servers do not listen yet. */
export interface ReverseProxy {
  readonly server: Server
  readonly adminServer: Server
  readonly pool: Pool
  /** Where the list of upstreams is changed. */
  readonly upstreams: UpstreamNames
  readonly mode: ModeState
  /** How requests that are pinned to nobody are spread. */
  readonly algorithm: string
  /** Are users pinned by a cookie at the moment? */
  readonly pinsNow: () => boolean
  readonly affinity: AffinityCookie
  readonly drains: Drains
  readonly events: EventRing
  readonly usage: UsageReader
  readonly metrics: MetricsReader
  readonly counters: Counters
  /** Refuses new connections, lets requests in flight finish for a bounded time, then ends everything. */
  drain(): Promise<void>
  close(): Promise<void>
}

/** Builds a proxy and starts its checks. `random` is 0 ≤ x < 1. */
export async function createProxy(
  config: ProxyConfig,
  settings: ProxySettings,
  random: () => number = Math.random,
): Promise<ReverseProxy> {
  const forwarder = await loadForwarder(config.forwarder, settings.upstream)
  const events = new EventRing(1_000)
  const counters = new Counters()
  const pool = new Pool({
    event: (kind, upstream, detail) => events.add(kind, upstream, detail),
    added: (upstream) => checks.watch(upstream),
    removed: (upstream) => {
      for (const part of [checks, ejection, drains, forwarder]) part.forget(upstream)
    },
  })
  const ejection = new Ejection(pool, settings.passive, (upstream) => checks.suspect(upstream))
  const drains = new Drains(pool, settings.drainPinsMs)
  const mode = new ModeState(config.mode, config.generation, settings.modeHold, (what) =>
    events.add('mode', undefined, what),
  )
  const affinity = new AffinityCookie(config.cookieSecret, config.tls)
  const accessLog = await openAccessLog(config.accessLog)
  const requestId = createRequestIds()
  const weightOf = createSlowStart(settings.slowStart, () => context.nowMs)
  // By mode, unless this proxy was told what to do whatever the mode.
  const pins = config.affinity.kind === 'by-mode' ? undefined : { always: config.affinity.kind === 'cookie' }
  const routingKey = config.affinity.kind === 'hash' ? createKeyReader(config.affinity.source) : undefined
  const context: GuardContext = {
    settings,
    pool,
    balancer: createBalancer(config.algorithm, config.affinity.kind === 'hash', weightOf, random),
    affinity,
    ejection,
    forwarder,
    mode,
    pinsNow: pins ? () => pins.always : () => mode.pins,
    answerPins: pins ? () => pins.always : (header) => mode.answerPins(header),
    rules: { client: settings.client, affinity, routingKey, requestId },
    budget: new RetryBudget(settings.retry),
    counters,
    accessLog,
    inFlight: new Set(),
    tunnels: new Set(),
    random,
    nowMs: performance.now(),
    closing: false,
  }
  const generation = (): number => mode.generation
  const checks = new ActiveChecks(pool, ejection, settings.checks, random, generation, (down) => {
    for (const exchange of [...context.inFlight]) exchange.upstreamDown(down)
  })
  const sweep = setInterval(() => sweepDeadlines(context), settings.sweepEveryMs)
  const budgetTick = setInterval(() => context.budget.tick(), 1_000)
  const { lookup = systemLookup, resolveEveryMs = settings.resolveEveryMs } = config
  const upstreams = new UpstreamNames(lookup, resolveEveryMs, (list) => pool.replace(list))
  await upstreams.set(config.upstreams)
  const usage = new UsageReader(counters, mode, config.forwarder)
  const metrics = new MetricsReader(counters, pool)
  const server = createGuard(context, createTrustedPeers(config.trustedProxies))

  const close = async (): Promise<void> => {
    clearInterval(sweep)
    clearInterval(budgetTick)
    for (const part of [upstreams, checks, ejection, drains, mode, usage]) part.close()
    for (const tunnel of [...context.tunnels]) tunnel.end()
    for (const listener of [server, proxy.adminServer]) {
      listener.close()
      listener.closeAllConnections()
    }
    accessLog?.flush()
    await forwarder.close()
  }
  const drain = async (): Promise<void> => {
    context.closing = true
    const { promise, resolve } = Promise.withResolvers<void>()
    server.close(() => resolve())
    // A connection whose answer had begun before is idle afterwards, and would stay open for its keep-alive.
    const closing = setInterval(() => server.closeIdleConnections(), settings.sweepEveryMs)
    const timer = setTimeout(resolve, settings.shutdownMs)
    await promise
    clearTimeout(timer)
    clearInterval(closing)
    await close()
  }
  const { pinsNow } = context
  const algorithm = config.affinity.kind === 'hash' ? 'rendezvous' : config.algorithm
  const parts = {
    server,
    pool,
    upstreams,
    mode,
    algorithm,
    pinsNow,
    affinity,
    drains,
    events,
    usage,
    metrics,
    counters,
    drain,
    close,
  }
  const proxy: ReverseProxy & { adminServer: Server } = { ...parts, adminServer: server }
  proxy.adminServer = createAdminServer(
    adminRoutes(proxy),
    config.adminToken ?? randomBytes(32).toString('hex'),
  )
  return proxy
}

/** Ends the waits whose time is over, and sends heads whose bodies tarry. */
function sweepDeadlines(context: GuardContext): void {
  context.nowMs = performance.now()
  for (const exchange of context.inFlight) exchange.sweep(context.nowMs)
}

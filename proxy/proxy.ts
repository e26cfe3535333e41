import { randomBytes } from 'node:crypto'
import type { Server } from 'node:http'
import { BlockList, isIP } from 'node:net'
import type { ForwarderName } from '#contract/environment.ts'
import type { ModeName } from '#contract/modes.ts'
import { createAdminServer } from './admin/admin-server.ts'
import { EventRing } from './admin/event-ring.ts'
import { MetricsReader } from './admin/metrics.ts'
import { adminRoutes } from './admin/routes.ts'
import { UsageReader } from './admin/usage.ts'
import { AffinityCookie } from './balance/affinity-cookie.ts'
import { createRoundRobin } from './balance/round-robin.ts'
import { Counters } from './counters.ts'
import { loadForwarder } from './forward/load-forwarder.ts'
import { createGuard } from './guard/guard.ts'
import type { GuardContext } from './guard/guard-context.ts'
import { ModeState } from './guard/mode-state.ts'
import { RetryBudget } from './guard/retry-budget.ts'
import type { ProxySettings } from './settings.ts'
import { ActiveChecks } from './upstream/active-checks.ts'
import { Drains } from './upstream/drains.ts'
import { Ejection } from './upstream/ejection.ts'
import { Pool } from './upstream/pool.ts'

export interface ProxyConfig {
  mode: ModeName
  generation: number
  forwarder: ForwarderName
  upstreams: readonly { id: string; url: URL; weight?: number }[]
  /** Of the key ring; the affinity cookie's key is derived from it. */
  cookieSecret: Uint8Array
  tls: boolean
  adminToken: string
  /** Addresses or networks (`10.0.0.0/8`) whose forwarding headers are believed. */
  trustedProxies: readonly string[]
}

/** A proxy that is built and works, and whose two servers do not listen yet. */
export interface ReverseProxy {
  readonly server: Server
  readonly adminServer: Server
  readonly pool: Pool
  readonly mode: ModeState
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
  const ejection = new Ejection(pool, settings.passive)
  const drains = new Drains(pool, settings.drainPinsMs)
  const mode = new ModeState(config.mode, config.generation, settings.modeHold, (what) =>
    events.add('mode', undefined, what),
  )
  const affinity = new AffinityCookie(config.cookieSecret, config.tls)
  const requestId = createRequestIds()
  const context: GuardContext = {
    settings,
    pool,
    balancer: createRoundRobin(),
    affinity,
    ejection,
    forwarder,
    mode,
    rules: { client: settings.client, affinity, routingKey: undefined, requestId },
    budget: new RetryBudget(settings.retry),
    counters,
    inFlight: new Set(),
    random,
    nowMs: performance.now(),
    closing: false,
  }
  const checks = new ActiveChecks(pool, ejection, settings.checks, random, (down) => {
    for (const exchange of [...context.inFlight]) if (exchange.upstream === down) exchange.rescue()
  })
  const sweep = setInterval(() => sweepDeadlines(context), settings.sweepEveryMs)
  const budgetTick = setInterval(() => context.budget.tick(), 1_000)
  pool.replace(config.upstreams)
  const usage = new UsageReader(counters, mode, config.forwarder)
  const metrics = new MetricsReader(counters, pool)
  const server = createGuard(context, trustOf(config.trustedProxies))

  const close = async (): Promise<void> => {
    clearInterval(sweep)
    clearInterval(budgetTick)
    for (const part of [checks, ejection, drains, mode, usage]) part.close()
    for (const listener of [server, proxy.adminServer]) {
      listener.close()
      listener.closeAllConnections()
    }
    await forwarder.close()
  }
  const drain = async (): Promise<void> => {
    context.closing = true
    const { promise, resolve } = Promise.withResolvers<void>()
    server.close(() => resolve())
    server.closeIdleConnections()
    const timer = setTimeout(resolve, settings.shutdownMs)
    await promise
    clearTimeout(timer)
    await close()
  }
  const parts = { server, pool, mode, affinity, drains, events, usage, metrics, counters, drain, close }
  const proxy: ReverseProxy & { adminServer: Server } = { ...parts, adminServer: server }
  proxy.adminServer = createAdminServer(adminRoutes(proxy), config.adminToken)
  return proxy
}

/** Ends the waits whose time is over, and sends heads whose bodies tarry. */
function sweepDeadlines(context: GuardContext): void {
  context.nowMs = performance.now()
  for (const exchange of context.inFlight) {
    if (exchange.deadlineMs <= context.nowMs) exchange.expire()
    else exchange.flush()
  }
}

/** Unique over restarts (a random prefix) and cheap (a count). */
function createRequestIds(): () => string {
  const prefix = randomBytes(8).toString('hex')
  let count = 0
  return () => {
    count += 1
    return `${prefix}-${count.toString(36)}`
  }
}

function trustOf(networks: readonly string[]): (address: string) => boolean {
  if (networks.length === 0) return () => false
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return (address) => isIP(address) !== 0 && list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}

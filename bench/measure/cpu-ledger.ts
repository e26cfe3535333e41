import type { AnswerCounts, NodeUsage, ProxyUsage } from '#contract/node-admin.ts'
import type { StoreUsage } from './store-usage.ts'

/** Where the ledger reads: everything that takes part, or null for what does not. */
export interface LedgerSources {
  nodes: readonly { read(): Promise<NodeUsage> }[]
  proxy: { read(): Promise<ProxyUsage> } | null
  store: { read(): Promise<StoreUsage> } | null
}

/** Every tier at one edge of a window; read at nearly one moment, and each part carries its own. */
export interface LedgerSnapshot {
  nodes: readonly NodeUsage[]
  proxy: ProxyUsage | null
  store: StoreUsage | null
}

/** CPU of one tier between its two readings, all threads, µs; `loopUs` is the main threads' share. */
export interface TierCpu {
  cpuUs: number
  loopUs: number
}

interface NodeCounts {
  id: string
  lookups: number
  ok: number
  answered: number
  eventLoopDelayP99Ms: number
  /** For which share of the time its event loop did not wait, since it was last asked. */
  busyShare: number
}

/** What a window cost, tier by tier. */
export interface LedgerWindow {
  /** All nodes together. */
  node: TierCpu
  nodes: readonly (TierCpu & NodeCounts)[]
  proxy: (TierCpu & { ok: number; eventLoopDelayP99Ms: number }) | null
  store: { cpuUs: number } | null
  /** Commands the store processed, without the ledger's own; null where it does not count them. */
  storeCommands: number | null
  /** Lookups and successes that the nodes counted between their two readings. */
  lookups: number
  ok: number
  /** Answers of every kind that the nodes counted: of lookups alone, the same as `lookups`. */
  answered: number
  /** How far the readings lay from the window's edges at most: what separates the servers' counts from the clients'. */
  skewUs: { start: number; end: number }
  /** Why a figure must not be used: a part that was started again in between. Empty: none. */
  problems: readonly string[]
}

/** Reads all parts at once. @throws what a reader throws: a part that cannot be read leaves no honest figure. */
export async function takeSnapshot(sources: LedgerSources): Promise<LedgerSnapshot> {
  const [nodes, proxy, store] = await Promise.all([
    Promise.all(sources.nodes.map((node) => node.read())),
    sources.proxy?.read() ?? null,
    sources.store?.read() ?? null,
  ])
  return { nodes, proxy, store }
}

/**
 * The difference of two snapshots. Readings come a moment after the edge they are for; each part's CPU and counts are
 * of the same two readings, so that their quotient, the cost of a request, does not depend on that moment.
 * @param edgesUs the window's edges as the load generator took them, µs on the monotonic clock.
 */
export function ledgerBetween(
  start: LedgerSnapshot,
  end: LedgerSnapshot,
  edgesUs: readonly [start: number, end: number],
): LedgerWindow {
  const problems: string[] = []

  function tier(name: string, before: NodeUsage | ProxyUsage, after: NodeUsage | ProxyUsage): TierCpu {
    // In a container the next process may well have the same pid.
    const isAnother = before.pid !== after.pid || after.cpu.userUs < before.cpu.userUs
    if (isAnother) problems.push(`${name} was started again within the window`)
    return {
      cpuUs: after.cpu.userUs + after.cpu.systemUs - before.cpu.userUs - before.cpu.systemUs,
      loopUs: after.cpu.loopUs - before.cpu.loopUs,
    }
  }

  const nodes = end.nodes.flatMap((after) => {
    const before = start.nodes.find((node) => node.id === after.id)
    if (!before) {
      problems.push(`${after.id} is not in the first snapshot`)
      return []
    }
    return {
      id: after.id,
      ...tier(after.id, before, after),
      lookups: after.lookups - before.lookups,
      ok: after.answers.ok - before.answers.ok,
      answered: allOf(after.answers) - allOf(before.answers),
      eventLoopDelayP99Ms: after.eventLoop.delayP99Ms,
      busyShare: after.eventLoop.utilization,
    }
  })
  const proxy =
    start.proxy && end.proxy
      ? {
          ...tier('the proxy', start.proxy, end.proxy),
          ok: end.proxy.answers.ok - start.proxy.answers.ok,
          eventLoopDelayP99Ms: end.proxy.eventLoop.delayP99Ms,
        }
      : null
  const store = start.store && end.store ? storeBetween(start.store, end.store) : null
  if (store && (store.cpuUs < 0 || (store.storeCommands ?? 0) < 0))
    problems.push('a process of the store was started again or ended within the window')

  const skew = (snapshot: LedgerSnapshot, edgeUs: number): number =>
    Math.max(
      0,
      ...[...snapshot.nodes, snapshot.proxy].map((part) => Math.abs((part?.atUs ?? edgeUs) - edgeUs)),
    )
  return {
    node: { cpuUs: sum(nodes, 'cpuUs'), loopUs: sum(nodes, 'loopUs') },
    nodes,
    proxy,
    store: store && { cpuUs: store.cpuUs },
    storeCommands: store?.storeCommands ?? null,
    lookups: sum(nodes, 'lookups'),
    ok: sum(nodes, 'ok'),
    answered: sum(nodes, 'answered'),
    skewUs: { start: skew(start, edgesUs[0]), end: skew(end, edgesUs[1]) },
    problems,
  }
}

function storeBetween(
  before: StoreUsage,
  after: StoreUsage,
): { cpuUs: number; storeCommands: number | null } {
  return {
    cpuUs: after.userUs + after.systemUs - before.userUs - before.systemUs,
    storeCommands:
      after.commands === null || before.commands === null ? null : after.commands - before.commands,
  }
}

function allOf(answers: AnswerCounts): number {
  return Object.values(answers).reduce((total, count) => total + count, 0)
}

function sum<Key extends string>(rows: readonly Record<Key, number>[], key: Key): number {
  return rows.reduce((total, row) => total + row[key], 0)
}

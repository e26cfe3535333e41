import type { LoadPlan, LoadWindow } from '#bench/load/plan.ts'
import type { LedgerWindow } from '#bench/measure/cpu-ledger.ts'
import { labUserIds } from '#contract/lab.ts'
import { MODES, type ModeName } from '#contract/modes.ts'
import type { RefreshHome } from '#contract/renewal.ts'
import type { RefreshWindowRow } from '#contract/result.ts'
import { stillinTarget } from '#contract/target.ts'
import { enterArm } from '../costs/arms.ts'
import type { BenchSettings } from '../costs/bench-settings.ts'
import { REQUEST_TIMEOUT_MS } from '../costs/load-plans.ts'
import { busyOf, readWindow } from '../costs/take-window.ts'
import type { Lab } from '../lab/lab.ts'
import { seedOnNode } from '../lab/seeding.ts'

/** A window of refreshes as measured by both sides. */
export interface TakenRefreshes {
  row: RefreshWindowRow
  load: LoadWindow
  ledger: LedgerWindow
}

/**
 * Logs as many people in at one node as there are connections, and lets each do nothing but refresh: with the token that
 * the last refresh handed out, and with the credential that it replaces.
 */
export async function takeRefreshes(
  lab: Lab,
  { mode, refresh }: { mode: ModeName; refresh: RefreshHome },
  round: number,
  settings: BenchSettings,
  signal: AbortSignal,
): Promise<TakenRefreshes> {
  const { cluster } = lab
  await enterArm(lab, { mode, renewal: { renewal: 'pair', refresh } })
  const [node] = cluster.nodes()
  const target = stillinTarget(MODES[mode], cluster.proxy.url, cluster.nodes(), 'pair')
  const request = target.requests.refresh
  if (!node || !request) throw new Error('there is nothing to refresh at')
  const logins = await seedOnNode(cluster, node, labUserIds(0, Math.min(settings.connections, lab.users)))
  const plan: LoadPlan = {
    kind: 'closed',
    urls: [node.url],
    request,
    clients: logins.map(({ credential }) => ({ ...credential, expectation: 'accept' })),
    userMember: target.userMember,
    mode,
    // Each connection follows a credential of its own.
    connections: logins.length,
    leadMs: settings.leadMs,
    windowMs: settings.windowMs,
    tailMs: settings.tailMs,
    ratePerS: 0,
    arrivals: 'poisson',
    seed: settings.seed,
    timeoutMs: REQUEST_TIMEOUT_MS,
    keepSamples: false,
    followCookies: false,
    follow: { target, operation: 'refresh' },
  }
  const { load, ledger, flags } = await readWindow(lab, plan, signal)
  const row: RefreshWindowRow = {
    round,
    mode,
    refresh,
    point: 'saturated',
    durationMs: (load.endedUs - load.startedUs) / 1000,
    outcomes: load.outcomes,
    cpuUs: {
      node: ledger.node.cpuUs,
      nodeLoop: ledger.node.loopUs,
      proxy: null,
      store: ledger.store?.cpuUs ?? null,
      generator: load.generatorCpu.userUs + load.generatorCpu.systemUs,
    },
    ...busyOf(ledger),
    served: { nodeOk: ledger.ok, nodeLookups: ledger.lookups, proxyOk: null },
    storeCommands: ledger.storeCommands,
    bytesUp: load.bytesUp,
    bytesDown: load.bytesDown,
    setCookies: load.setCookies,
    byNode: load.byNode,
    flags,
  }
  return { row, load, ledger }
}

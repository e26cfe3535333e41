import type { Projection, Sizing } from '#contract/sizing.ts'
import { formatBytes, formatCount, formatFigure, formatTime, NO_FIGURE } from '../numbers.ts'
import { buildTable, type ColumnOf, type ReportTable } from './report-table.ts'

/** What each mode is projected to need, a row a mode. */
export function sizingTable(sizing: Sizing): ReportTable {
  const { demanded, assumed, utilisation } = sizing
  return buildTable<Projection>({
    title: `Projected for ${formatCount(demanded.lookupsPerS)} lookups/s, ${formatFigure(demanded.loginsPerS)} logins/s, ${formatCount(demanded.sessions)} sessions`,
    items: sizing.projections,
    groups: [
      { head: '', columns: [text('mode', ({ mode }) => mode)] },
      {
        head: 'projected nodes',
        columns: [
          figure('machines', '', ({ machines }) => formatCount(machines)),
          figure('nodes', '', ({ nodes }) => formatCount(nodes)),
          figure('CPU', 'cores', ({ nodeCores }) => formatFigure(nodeCores)),
          figure(
            'busy',
            'all, less',
            (one) => `${percent(one.loopShare)}, ${percent(one.loopShareDegraded)}`,
          ),
          figure('wait', 'less', ({ waitDegradedMs }) => formatTime(waitDegradedMs)),
          figure('sessions', 'a node', ({ nodeBytes }) => (nodeBytes === 0 ? '0' : formatBytes(nodeBytes))),
        ],
      },
      {
        head: 'projected store',
        columns: [
          figure('CPU', 'cores', ({ storeCores, stores }) => tier(storeCores, stores)),
          figure('memory', '', ({ storeBytes }) => (storeBytes === 0 ? '0' : formatBytes(storeBytes))),
        ],
      },
      {
        head: 'projected entrance',
        columns: [
          figure('proxy', 'cores', ({ proxyCores, proxies }) => tier(proxyCores, proxies)),
          figure('network', 'Mbit/s', ({ networkBitsPerS }) => formatFigure(networkBitsPerS / 1e6)),
        ],
      },
    ],
    caption: [
      `Every figure is projected from ${sizing.resultId}; none was measured at that size. Machines of ${demanded.cores} cores with a node a core; ${demanded.survive} of them may be gone (less), and no tier exceeds ${percent(utilisation)} of its cores then.`,
      `${costWords(sizing)} Proxy CPU was measured at the equal rate alone; that it falls with the rate as the bare route’s does at a node is assumed. (×n): so many single-threaded ones. Wait: for an event loop with a core of its own (M/G/1, exponential service times), which is less than a user waits: plan no latency with it. How far off such projections are here: stillin size --check.`,
      `Costs taken on: ${sizing.conditions.map(({ name, value }) => `${name}: ${value}`).join('. ')}.`,
      `Assumed, not measured: ${formatFigure(assumed.loginCpuMs)} ms of CPU for a password, the rest of a login not counted; ${formatFigure(assumed.sessionBytes)} bytes for a session beside its data.`,
    ],
  })
}

/** Which of a run's costs the figures rest on. */
function costWords({ projections }: Sizing): string {
  const alone = projections.filter(({ model }) => model === 'saturated').map(({ mode }) => mode)
  const both =
    'Node and store CPU from the run’s equal rate and its saturated point, by how often each node is asked.'
  if (alone.length === 0) return both
  const saturated = `as when saturated, for want of valid costs at the equal rate, and so too low.`
  return alone.length === projections.length
    ? `Node and store CPU ${saturated}`
    : `${both} Of ${alone.join(', ')} ${saturated}`
}

function tier(cores: number | null, count: number): string {
  if (cores === null) return NO_FIGURE
  return `${formatFigure(cores)} (×${count})`
}

function percent(share: number): string {
  return `${formatFigure(100 * share)} %`
}

function text(head: string, of: (one: Projection) => string): ColumnOf<Projection> {
  return { head, unit: '', align: 'left', cell: (one) => ({ text: of(one) }) }
}

function figure(head: string, unit: string, of: (one: Projection) => string): ColumnOf<Projection> {
  return { head, unit, align: 'right', cell: (one) => ({ text: of(one) }) }
}

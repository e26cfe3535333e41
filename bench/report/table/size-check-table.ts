import {
  type CheckedFigure,
  type CheckedFigureName,
  type CheckedLoad,
  COST_MODELS,
  type CostModelName,
  type ProjectedCapacity,
  type SizeCheckEvidence,
} from '#contract/sizing.ts'
import { formatCount, formatFigure, NO_FIGURE } from '../numbers.ts'
import { createFootnotes, type Footnotes } from './footnotes.ts'
import { buildTable, type Cell, type ColumnGroup, type ColumnOf, type ReportTable } from './report-table.ts'

/** Heads, units, and what a figure is multiplied by to be of that unit. */
const WORDS: Readonly<Record<CheckedFigureName, readonly [head: string, factor: number]>> = {
  nodeCpuUs: ['node CPU a lookup, µs', 1],
  storeCpuUs: ['store CPU a lookup, µs', 1],
  proxyCpuUs: ['proxy CPU a lookup, µs', 1],
  loopShare: ['a node’s event loop busy, %', 100],
  labCores: ['whole lab, cores', 1],
  responseP50Ms: ['response p50, ms', 1],
  responseP99Ms: ['response p99, ms', 1],
  bytes: ['bytes a lookup', 1],
}

const MODEL_WORDS: Readonly<Record<CostModelName, string>> = {
  'both-points': 'both points',
  saturated: 'saturated',
}

const BOUNDS: Readonly<Record<ProjectedCapacity['boundBy'], string>> = {
  loops: 'the nodes’ event loops',
  store: 'the store',
  proxy: 'the proxy',
  generator: 'the load generator',
  cores: 'this machine’s cores',
}

/** Measured beside projected: a row a load, a group a figure. */
export function sizeCheckTable(check: SizeCheckEvidence): ReportTable {
  const footnotes = createFootnotes()
  const { loads, resultId, utilisation, cores, nodes, differences } = check
  const names = Object.keys(WORDS) as CheckedFigureName[]
  return buildTable<CheckedLoad>({
    title: `Measured beside projected, at shares of the projected capacity`,
    items: loads,
    footnotes,
    groups: [
      {
        head: '',
        columns: [
          { head: 'load', unit: '', align: 'left', cell: (load) => loadCell(load, footnotes) },
          {
            head: 'rate',
            unit: '/s',
            align: 'right',
            cell: ({ ratePerS }) => ({ text: formatCount(ratePerS) }),
          },
        ],
      },
      ...names.map((name) => figureGroup(name, loads, footnotes)),
    ],
    caption: [
      `In brackets: measured ÷ projected − 1. Projected from ${resultId}; both points: a lookup’s cost falls by the same share with each doubling of the rate, through its equal rate and its saturated point; saturated: as when saturated, at any rate. The proxy was measured at the equal rate alone: both points lets its cost fall as the bare route’s does at a node. Generator: as at the equal rate.`,
      'A lookup costs more the lower the rate is: each wake-up of a process serves fewer of them, and the saturated point knows nothing of that.',
      `Capacity: no process above ${formatFigure(100 * utilisation)} % of a core, and ${nodes} node${nodes === 1 ? '' : 's'}, store, proxy and load generator together not above that of this machine’s ${formatFigure(cores)} cores, which they share. ${capacityWords(check)}`,
      'Response: projected as CPU time and its queue in each tier (M/G/1, exponential service times), as if each had a core of its own; networks, kernels and waiting for a shared core are not in it.',
      ...differences.map((text) => `Not as it was: ${text}.`),
    ],
  })
}

/** `redis 4,100/s (this machine’s cores)` */
function capacityWords({ capacities }: SizeCheckEvidence): string {
  const modes = [...new Set(capacities.map(({ mode }) => mode))]
  return `${modes
    .map((mode) => {
      const of = COST_MODELS.flatMap((model) =>
        capacities.filter((one) => one.mode === mode && one.model === model),
      )
      const [driven, ...others] = of.map(
        ({ ratePerS, boundBy }) => `${formatFigure(ratePerS)}/s (full first: ${BOUNDS[boundBy]})`,
      )
      return `${mode}: ${driven}${others.map((text) => `, from the saturated point alone ${text}`).join('')}`
    })
    .join('; ')}.`
}

function loadCell({ mode, share, doubts }: CheckedLoad, footnotes: Footnotes): Cell {
  const text = `${mode} ${formatFigure(100 * share)} %`
  return doubts.length === 0
    ? { text }
    : { text, tone: 'bad', notes: doubts.map((why) => footnotes.add(why)) }
}

function figureGroup(
  name: CheckedFigureName,
  loads: readonly CheckedLoad[],
  footnotes: Footnotes,
): ColumnGroup<ColumnOf<CheckedLoad>> {
  const [head, factor] = WORDS[name]
  const of = ({ figures }: CheckedLoad) => figures.find((figure) => figure.name === name)
  // Where no model says anything else than the other, one column says it.
  const isDisputed = loads.some((load) => {
    const { 'both-points': both, saturated } = of(load)?.projected ?? {}
    return both !== undefined && both.value !== saturated?.value
  })
  const models = isDisputed ? COST_MODELS : (['saturated'] as const)
  return {
    head,
    columns: [
      {
        head: 'measured',
        unit: '',
        align: 'right',
        cell: (load) => measuredCell(of(load), factor, footnotes),
      },
      ...models.map(
        (model): ColumnOf<CheckedLoad> => ({
          head: 'projected',
          unit: isDisputed ? MODEL_WORDS[model] : '',
          align: 'right',
          cell: (load) => projectedCell(of(load), model, factor),
        }),
      ),
    ],
  }
}

function measuredCell(figure: CheckedFigure | undefined, factor: number, footnotes: Footnotes): Cell {
  if (!figure) return { text: NO_FIGURE, absent: true }
  const { measured, reason } = figure
  const text = formatFigure(measured === null ? null : measured * factor)
  return reason === undefined ? { text } : { text, notes: [footnotes.add(reason)] }
}

function projectedCell(figure: CheckedFigure | undefined, model: CostModelName, factor: number): Cell {
  const projected = figure?.projected[model]
  if (!projected || projected.value === null) return { text: NO_FIGURE, absent: true }
  const { value, error } = projected
  const text = formatFigure(value * factor)
  return { text: error === null ? text : `${text} (${signed(error)})` }
}

/** `+12 %`, `−3 %` */
function signed(error: number): string {
  const percent = Math.round(100 * error)
  return `${percent < 0 ? '−' : '+'}${Math.abs(percent)} %`
}

import type { RunResult } from '#contract/result.ts'
import { APART } from '../story/apart.ts'
import { environmentTable } from '../table/environment-table.ts'
import { outagesOf } from '../table/outage-table.ts'
import { hasSeveralFaults } from '../table/several-faults.ts'
import { renderBench } from './bench-table.ts'
import { renderCalibration } from './calibration-report.ts'
import { renderChaos } from './chaos-report.ts'
import { createSheet, stack, type TerminalOptions } from './frame.ts'
import { renderLags } from './lag-report.ts'
import { renderMatrix } from './matrix-report.ts'
import { renderOutages } from './outage-report.ts'
import { renderProxies } from './proxies-table.ts'
import { renderSizeCheck } from './size-check-report.ts'
import { renderStorm } from './storm-report.ts'
import { renderSweep } from './sweep-report.ts'
import { printTable } from './text-table.ts'
import { renderVerdict } from './verdict-table.ts'
import { wrap } from './wrap.ts'

const RENDERERS = {
  bench: renderBench,
  chaos: renderBroken,
  proxies: renderProxies,
  sweep: renderSweep,
  calibration: renderCalibration,
  'size-check': renderSizeCheck,
  verdict: renderVerdict,
  lag: renderLags,
} as const

/** Storms, outages, a matrix and a single fault are told apart by what they hold. */
function renderBroken(result: RunResult, options: TerminalOptions): string {
  if (result.storms) return renderStorm(result, options)
  if (outagesOf(result).length > 0) return renderOutages(result, options)
  return hasSeveralFaults(result) ? renderMatrix(result, options) : renderChaos(result, options)
}

/** A run as it was printed when it ended; several one after the other, and first why they are not to be compared. */
export function renderRuns(results: readonly RunResult[], options: TerminalOptions): string {
  const [first] = results
  if (first !== undefined && results.length === 1) return RENDERERS[first.kind](first, options)
  const { paint, width } = createSheet(options)
  return stack([
    wrap(APART.replaceAll('`', ''), width).join('\n'),
    printTable(environmentTable(results), width, paint),
    ...results.map((result) =>
      [paint.bold(`${result.kind} ${result.id}`), RENDERERS[result.kind](result, options)].join('\n\n'),
    ),
  ])
}

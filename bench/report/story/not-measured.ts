import { DEFAULT_MODES, FAULT_NAMES, MODES } from '#contract/modes.ts'
import type { RunResult } from '#contract/result.ts'

/** What a reader might take for answered and is not: what the run left out, and what lies outside every run of its kind. */
export function notMeasured(result: RunResult): readonly string[] {
  if (APART.includes(result.kind)) return [...result.leftOut, ...everywhere(result)]
  const { modes } = result.configuration
  const missing = DEFAULT_MODES.filter((mode) => !modes.includes(mode))
  const had = new Set(result.failures.map(({ fault }) => fault))
  const meaningful = FAULT_NAMES.filter((fault) => modes.some((mode) => MODES[mode].faults.includes(fault)))
  const faults = meaningful.filter((fault) => !had.has(fault))
  return [
    ...result.leftOut,
    ...(missing.length > 0 ? [`Modes: ${missing.join(', ')}.`] : []),
    ...(result.arms.length === 0 ? ['Cost: no lookup was measured without a fault.'] : []),
    ...(had.size === 0 ? [nothingBroken(result)] : []),
    ...(had.size > 0 && faults.length > 0 ? [`Faults: ${faults.join(', ')}.`] : []),
    ...everywhere(result),
  ]
}

/** A switch of mode and a storm end logins as well, and are what their runs are about. */
function nothingBroken({ storms, migration }: RunResult): string {
  if (storms) return 'Faults: none but the loss of every login at once.'
  if (migration) return 'Faults: none but the switches of mode.'
  return 'Faults: nothing was broken, so nothing is known of who stays logged in.'
}

/** Kinds of run that ask for something else than what it costs and who stays in. */
const APART: readonly RunResult['kind'][] = ['proxies', 'sweep', 'calibration', 'size-check', 'lag']
function everywhere({ configuration }: RunResult): readonly string[] {
  const network =
    configuration.cluster === undefined
      ? 'A network: generator, proxy and nodes ran on one machine and shared its cores. Ratios within this run compare; its absolute figures are that machine’s.'
      : 'A network: on which machines the parts of that cluster ran, and what else ran there, is not known to this run; the machine named here is the load generator’s.'
  return [
    network,
    'TLS, large sessions, other routes, your framework and your payload: their costs come on top.',
  ]
}

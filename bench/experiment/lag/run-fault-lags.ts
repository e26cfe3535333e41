import { FAULTS } from '#bench/chaos/fault-table.ts'
import { createRandom } from '#bench/workload/random.ts'
import { labUserIds } from '#contract/lab.ts'
import { type FaultLag, LAG_KINDS, type LagFault } from '#contract/lag.ts'
import { MODES, type ModeName } from '#contract/modes.ts'
import type { ClusterLab } from '../lab/lab.ts'
import { createSchedule, type Progress } from '../progress.ts'
import { type FaultLagPlan, faultLagSeconds, measureFaultLag } from './measure-fault-lag.ts'

export interface FaultLagsOptions {
  readonly faults: readonly LagFault[]
  /** How long each is in force, ms; undefined: as long as it usually is. */
  readonly forMs: number | undefined
  /** Revocations of each kind before the fault, and as many while it lasts. */
  readonly probes: number
  /** Of logins that end at expiry or by chance, s; undefined: three seconds more than the fault. */
  readonly lifetimeS: number | undefined
  readonly seed: number
}

/** One fault in one mode that takes longer than this is given up. */
const CELL_LIMIT_MS = 60_000
const BEYOND_FAULT_S = 3

type Cell = Omit<FaultLagPlan, 'users' | 'random'>

/** Every fault in every mode that it has a meaning for, mode by mode; and what was left out, a sentence each. */
export function faultLagCells(
  modes: readonly ModeName[],
  { faults, forMs, lifetimeS }: Pick<FaultLagsOptions, 'faults' | 'forMs' | 'lifetimeS'>,
): { cells: readonly Cell[]; leftOut: readonly string[] } {
  const cells: Cell[] = []
  const leftOut: string[] = []
  for (const mode of modes) {
    const without = faults.filter((fault) => !MODES[mode].faults.includes(fault))
    if (without.length > 0)
      leftOut.push(`${mode}: not around ${without.join(', ')}, without a meaning there.`)
    for (const fault of faults.filter((one) => !without.includes(one))) {
      const { forMs: usualMs, takesMs } = FAULTS[fault]
      const lastsMs = usualMs === null ? takesMs : (forMs ?? usualMs)
      const lives = lifetimeS ?? Math.ceil(lastsMs / 1000) + BEYOND_FAULT_S
      cells.push({ mode, fault, forMs: lastsMs, lifetimeS: lives })
    }
  }
  return { cells, leftOut }
}

/** How many users these take: the first is the administrator, and every revocation has one of its own. */
export function faultLagUsers(cells: number, probes: number): number {
  return 1 + cells * perCell(probes)
}

function perCell(probes: number): number {
  return 2 * probes * LAG_KINDS.length
}

/** Times revocations around each fault, on one cluster that is made whole in between; each is handed over when it is done. Answers what could not be done. */
export async function runFaultLags(
  lab: ClusterLab,
  cells: readonly Cell[],
  { probes, seed }: FaultLagsOptions,
  onLag: (lag: FaultLag) => void,
  progress: Progress,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const leftOut: string[] = []
  const random = createRandom(seed)
  const here = cells.filter(({ mode }) => lab.modes.includes(mode))
  const steps = createSchedule(
    progress,
    here.reduce((sum, cell) => sum + faultLagSeconds(cell), 0),
  )
  for (const [place, cell] of here.entries()) {
    const name = `${cell.mode} × ${cell.fault}`
    steps.begin(`${name} (${place + 1} of ${here.length})`)
    const users = labUserIds(1 + place * perCell(probes), perCell(probes))
    const outcome = await runCell(lab, { ...cell, users, random: random.fork(name) }, signal)
    steps.done(faultLagSeconds(cell))
    if (typeof outcome === 'string') leftOut.push(`${name}: ${outcome}`)
    else onLag(outcome)
  }
  return leftOut
}

/** What was seen, or in words why nothing was. */
async function runCell(
  { cluster }: ClusterLab,
  plan: FaultLagPlan,
  signal: AbortSignal,
): Promise<FaultLag | string> {
  if (signal.aborted) return 'interrupted'
  const limit = AbortSignal.any([signal, AbortSignal.timeout(CELL_LIMIT_MS)])
  try {
    return await measureFaultLag(cluster, plan, limit)
  } catch (error) {
    if (signal.aborted) return 'interrupted'
    if (limit.aborted) return `given up after ${CELL_LIMIT_MS / 1000} s`
    return `could not be run: ${error instanceof Error ? error.message : String(error)}`
  }
}

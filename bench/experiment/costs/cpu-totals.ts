import { type LedgerSnapshot, takeSnapshot } from '#bench/measure/cpu-ledger.ts'
import { processCpuUs } from '#bench/measure/process-cpu.ts'
import type { SelfCheck } from '#contract/result.ts'
import type { Lab } from '../lab/lab.ts'

/** CPU time since their start as each tier tells it, and as the kernel does. */
export interface CpuTotals {
  tiersUs: number
  /** null: this system does not say (not Linux), or a process is not ours. */
  processesUs: number | null
}

/** How far the two may lie apart. */
const TOLERANCE = 0.02

/** Reads both at nearly one moment. */
export async function readCpuTotals(lab: Lab): Promise<CpuTotals> {
  const { cluster, redis, store, ledger } = lab
  // The tiers leave a store out that they cannot read.
  const central = redis ?? (ledger.store ? store : undefined)
  const pids = [
    ...cluster.nodes().map(({ pid }) => pid),
    cluster.proxy.pid,
    ...(central ? [central.pid] : []),
  ]
  const [snapshot, processes] = await Promise.all([
    takeSnapshot(ledger),
    Promise.all(pids.map((pid) => (pid === undefined ? null : processCpuUs(pid)))),
  ])
  return {
    tiersUs: tiersOf(snapshot),
    processesUs: processes.reduce((sum, us) => (sum === null || us === null ? null : sum + us), 0),
  }
}

function tiersOf({ nodes, proxy, store }: LedgerSnapshot): number {
  const parts = [...nodes, ...(proxy ? [proxy] : [])].map(({ cpu }) => cpu.userUs + cpu.systemUs)
  return parts.reduce((sum, us) => sum + us, (store?.userUs ?? 0) + (store?.systemUs ?? 0))
}

/** What the tiers say of themselves over all rounds adds up to what the kernel charged their processes. */
export function checkCpuTotals(start: CpuTotals, end: CpuTotals): SelfCheck {
  const name = "CPU by tier = the processes' total"
  const tiersUs = end.tiersUs - start.tiersUs
  if (start.processesUs === null || end.processesUs === null) {
    const detail = 'this system does not tell the CPU time of other processes, or Redis is not ours'
    return { name, ok: true, detail, voids: 'nothing' }
  }
  const processesUs = end.processesUs - start.processesUs
  const apart = Math.abs(tiersUs / processesUs - 1)
  return {
    name,
    ok: apart <= TOLERANCE,
    detail: `the tiers count ${seconds(tiersUs)}, the kernel ${seconds(processesUs)}; at most 2 % may lie between`,
    voids: 'run',
  }
}

function seconds(us: number): string {
  return `${(us / 1e6).toFixed(2)} s`
}

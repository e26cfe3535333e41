import type { ArmName } from '#contract/modes.ts'
import type { OutcomeCounts } from '#contract/outcomes.ts'
import type { ProxyArmName } from '#contract/result.ts'
import type { LedgerWindow } from './cpu-ledger.ts'

/** What the self-checks look at in one window: the clients' side (a LoadWindow fits) and the servers'. */
export interface CheckedWindow {
  arm: ArmName | ProxyArmName
  load: {
    kind: 'closed' | 'open'
    edgesUs: readonly [start: number, end: number]
    intended: number
    sent: number
    inFlight: readonly [start: number, end: number]
    outcomes: OutcomeCounts
    completed: OutcomeCounts
    byNode: Readonly<Record<string, number>>
    wrongMode: number
    serviceMs: { p50: number | null }
    latenessMs: { p50: number | null }
    tailMs: { lateness: number | null; response: number | null }
    generatorCpu: { loopUs: number; elapsedUs: number }
    ticks: { count: number } | null
  }
  /** What the plan asked for. */
  windowMs: number
  ledger: LedgerWindow
}

/** As much of it as the generator alone answers for. */
export type LoadedWindow = Omit<CheckedWindow, 'ledger'>

export function sumOutcomes(outcomes: OutcomeCounts): number {
  return Object.values(outcomes).reduce((sum, count) => sum + count, 0)
}

/** The windows of each arm, in the order in which arms first appear. */
export function byArm<W extends LoadedWindow>(windows: readonly W[]): [arm: W['arm'], windows: W[]][] {
  return [...Map.groupBy(windows, (window) => window.arm)]
}

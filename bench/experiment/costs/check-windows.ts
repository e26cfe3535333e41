import type { CheckedWindow } from '#bench/measure/checked-window.ts'
import { checkGenerator } from '#bench/measure/generator-checks.ts'
import { checkHeadroom, readHeadroom } from '#bench/measure/headroom.ts'
import { checkBalance, checkServers } from '#bench/measure/server-checks.ts'
import type { SelfCheck } from '#contract/result.ts'
import type { TakenWindow } from './take-window.ts'

/** Everything the harness can ask of its own windows: was the load as planned, and do both sides tell the same story? */
export async function checkWindows(
  taken: readonly TakenWindow[],
  settings: { windowMs: number; connections: number },
  nodeIds: readonly string[],
): Promise<SelfCheck[]> {
  const windows = taken.map(({ row, load, ledger }): CheckedWindow & { point: string } => ({
    arm: row.arm,
    point: row.point,
    load,
    ledger,
    windowMs: settings.windowMs,
  }))
  const spread = windows.filter((window) => window.point === 'equal-rate')
  return [
    checkHeadroom(await readHeadroom(), settings.connections),
    ...checkGenerator(windows),
    ...checkServers(windows),
    // Only the equal rate is meant for all nodes.
    ...[...Map.groupBy(spread, (window) => window.arm)].map(([arm, own]) => checkBalance(arm, own, nodeIds)),
  ]
}

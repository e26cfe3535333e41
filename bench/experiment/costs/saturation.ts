import { formatPercent } from '#bench/report/numbers.ts'
import { hodgesLehmann } from '#bench/statistics/hodges-lehmann.ts'
import type { ArmName } from '#contract/modes.ts'
import type { Point, SelfCheck, WindowRow } from '#contract/result.ts'
import { SATURATED_FROM } from '#contract/saturation.ts'
import { perRound, READINGS } from './arm-metrics.ts'

/** How busy the node was in the closed windows of an arm, of 1: the centre of the rounds; null: there are none. */
export function busyShareOf(windows: readonly WindowRow[], arm: ArmName): number | null {
  const own = windows.filter((row) => row.arm === arm)
  const shares = perRound(own, READINGS.nodeBusyShare, 'saturated')
  return shares.length === 0 ? null : hodgesLehmann(shares).estimate
}

/** Is the point of an arm what it is called? Of another point than `saturated` that is not asked. */
export function isAsNamed(windows: readonly WindowRow[], arm: ArmName, point: Point): boolean {
  if (point !== 'saturated') return true
  return (busyShareOf(windows, arm) ?? 1) >= SATURATED_FROM
}

/** A check an arm. It voids nothing: the figures are of a node with rest, and are called so; no claim rests on them. */
export function checkSaturation(windows: readonly WindowRow[], arms: readonly ArmName[]): SelfCheck[] {
  return arms.flatMap((arm): SelfCheck[] => {
    const busy = busyShareOf(windows, arm)
    if (busy === null) return []
    const ok = busy >= SATURATED_FROM
    const seen = `node busy ${formatPercent(busy)} % of the time`
    const least = `at least ${formatPercent(SATURATED_FROM)} %`
    return [
      {
        name: 'saturated',
        arm,
        ok,
        detail: ok ? `${seen}; ${least}` : `${seen}, not ${least}: it had rest`,
        voids: 'nothing',
      },
    ]
  })
}

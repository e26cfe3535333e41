import type { ArmName } from '#contract/modes.ts'
import type { Point, WindowRow } from '#contract/result.ts'
import { perRound, READINGS } from '../costs/arm-metrics.ts'

/** One figure a round. */
export function figuresOf(
  windows: readonly WindowRow[],
  arm: ArmName,
  metric: keyof typeof READINGS,
  point: Point,
): number[] {
  return perRound(
    windows.filter((row) => row.arm === arm),
    READINGS[metric],
    point,
  )
}

/**
 * How slow the machine was, round by round: µs of CPU that the load generator spent on a request of the baseline. It
 * is no part of what is measured and does the same in every run; while the same machine took a baseline's request from
 * 14 to 41 µs, as it was busy or not, the generator's share went with it: within a tenth, mostly within 3 %.
 */
export function speedOf(windows: readonly WindowRow[], point: Point): number[] {
  return figuresOf(windows, 'baseline', 'generatorCpuUs', point)
}

/** The figures with the machine's speed of their own round divided out; rounds without a baseline are left out. */
export function figuresAtOneSpeed(
  windows: readonly WindowRow[],
  arm: ArmName,
  metric: keyof typeof READINGS,
  point: Point,
): number[] {
  const rounds = [...Map.groupBy(windows, ({ round }) => round).values()]
  return rounds.flatMap((rows) => {
    const [figure] = figuresOf(rows, arm, metric, point)
    const [slowness] = speedOf(rows, point)
    if (figure === undefined || slowness === undefined) return []
    return [metric === 'throughputPerS' ? figure * slowness : figure / slowness]
  })
}

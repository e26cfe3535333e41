import { median } from '#bench/statistics/median.ts'
import { compareArms as judge, noiseFloor, type Pair } from '#bench/statistics/verdict.ts'
import type { ArmName, ModeName } from '#contract/modes.ts'
import type { Comparison, NoiseFloor, Point, WindowRow } from '#contract/result.ts'
import { READINGS } from './arm-metrics.ts'
import { isAsNamed } from './saturation.ts'

type ComparedMetric = keyof typeof READINGS

/** The first is the primary metric: on it claims rest. Each line is a family of its own for Holm's correction. */
const FAMILIES: readonly (readonly [ComparedMetric, Point])[] = [
  ['nodeCpuUs', 'saturated'],
  ['nodeCpuUs', 'equal-rate'],
  ['serverCpuUs', 'saturated'],
  ['serverCpuUs', 'equal-rate'],
  ['throughputPerS', 'saturated'],
  ['responseP50Ms', 'equal-rate'],
]

/**
 * Every arm against the baseline of its own round; a mode whose logins are renewed against the same without renewal; and
 * jwt against redis, the question that is asked most.
 */
export function compareArms(
  windows: readonly WindowRow[],
  arms: readonly ArmName[],
): { comparisons: Comparison[]; noise: NoiseFloor[] } {
  const comparisons: Comparison[] = []
  const noise: NoiseFloor[] = []
  for (const [metric, point] of FAMILIES) {
    const floor = floorIn(windows, metric, point)
    if (floor) noise.push(floor)
    const family = plannedPairs(arms).map(([arm, against]) =>
      pairUp<ArmName>(windows, arm, against, metric, point),
    )
    const judged = judge(family, metric, point, floor)
    comparisons.push(...judged.map((one) => withDoubts(windows, one)))
  }
  return { comparisons, noise }
}

/** What is compared with what, in each metric. */
function plannedPairs(arms: readonly ArmName[]): (readonly [ArmName, ArmName])[] {
  const pairs: (readonly [ArmName, ArmName])[] = arms.map((arm) => [arm, 'baseline'])
  for (const arm of arms) {
    const fixed = arms.find((other) => arm.startsWith(`${other} `))
    if (fixed !== undefined) pairs.push([arm, fixed])
  }
  if (arms.includes('jwt') && arms.includes('redis')) pairs.push(['jwt', 'redis'])
  return pairs
}

/** How many comparisons share one correction when these arms are measured. */
export function countComparisons(arms: readonly ArmName[]): number {
  return plannedPairs(arms).length
}

/** Nothing is claimed that does not hold in every start of the stack, or at a point that is not what it is called. */
function withDoubts<A extends ArmName>(windows: readonly WindowRow[], one: Comparison<A>): Comparison<A> {
  const { arm, against, point } = one
  const isNamedRightly = [arm, against].every((each) => isAsNamed(windows, each, point))
  return { ...one, claimed: one.claimed && isNamedRightly && holdsInEveryStack(windows, one) }
}

/** Rounds of one start of the stack have a heap and compiled code in common: a claim must have its sign in all of them. */
function holdsInEveryStack<A extends ArmName>(
  windows: readonly WindowRow[],
  { arm, against, metric, point, ratio }: Comparison<A>,
) {
  const stacks = Map.groupBy(windows, (row) => row.stack)
  return [...stacks.values()].every((rows) => {
    const { pairs } = pairUp(rows, arm, against, metric as ComparedMetric, point)
    const logs = pairs.map((pair) => Math.log(pair.arm / pair.against)).filter(Number.isFinite)
    return logs.length === 0 || Math.sign(median(logs)) === Math.sign(Math.log(ratio))
  })
}

/** Modes against each other, every pair, in one metric at one point: a family of its own. */
export function compareModes(
  windows: readonly WindowRow[],
  modes: readonly ModeName[],
  metric: ComparedMetric,
  point: Point,
): Comparison<ModeName>[] {
  const floor = floorIn(windows, metric, point)
  const family = modes.flatMap((arm, at) =>
    modes.slice(at + 1).map((against) => pairUp(windows, arm, against, metric, point)),
  )
  return judge(family, metric, point, floor).map((one) => withDoubts(windows, one))
}

/** What the two visits of the baseline differ by, round by round; undefined in fewer than six rounds. */
export function floorIn(
  windows: readonly WindowRow[],
  metric: ComparedMetric,
  point: Point,
): NoiseFloor | undefined {
  return noiseFloor(baselineVisits(windows, metric, point), metric, point)
}

function pairUp<A extends ArmName>(
  windows: readonly WindowRow[],
  arm: A,
  against: A,
  metric: ComparedMetric,
  point: Point,
) {
  const ours = byRound(windows, arm, metric, point)
  const theirs = byRound(windows, against, metric, point)
  const pairs = [...ours].map(
    ([round, values]): Pair => ({ arm: mean(values), against: mean(theirs.get(round) ?? []) }),
  )
  return { arm, against, pairs }
}

function baselineVisits(windows: readonly WindowRow[], metric: ComparedMetric, point: Point): Pair[] {
  const visit = (which: 0 | 1) =>
    byRound(
      windows.filter((row) => row.visit === which),
      'baseline',
      metric,
      point,
    )
  const second = visit(1)
  return [...visit(0)].map(([round, values]) => ({
    arm: mean(second.get(round) ?? []),
    against: mean(values),
  }))
}

/** The readings of each round; a round in which there is nothing to read gives NaN, which carries no ratio. */
function byRound(windows: readonly WindowRow[], arm: ArmName, metric: ComparedMetric, point: Point) {
  const rounds = new Map<number, number[]>()
  for (const row of windows) {
    if (row.arm !== arm || row.point !== point) continue
    rounds.set(row.round, [...(rounds.get(row.round) ?? []), READINGS[metric](row) ?? Number.NaN])
  }
  return rounds
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

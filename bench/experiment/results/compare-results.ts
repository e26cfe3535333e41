import type { ResultComparison, ResultDifference, SpeedRatio } from '#contract/difference.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import type { ArmName } from '#contract/modes.ts'
import type { NoiseFloor, Point, RunResult } from '#contract/result.ts'
import type { READINGS } from '../costs/arm-metrics.ts'
import { floorIn } from '../costs/compare-arms.ts'
import { checkSaturation, isAsNamed } from '../costs/saturation.ts'
import { isLatency } from '../costs/without-void-latency.ts'
import { figuresAtOneSpeed, figuresOf, speedOf } from './machine-speed.ts'
import { DECISIVE, differing, distances, TELLING } from './run-traits.ts'
import { claimFloor, floorOf, type UnpairedRatio, unpairedRatio } from './unpaired.ts'

type Compared = keyof typeof READINGS

/** What is put side by side, in the order of the table. */
export const COMPARED: readonly (readonly [Compared, Point])[] = [
  ['nodeCpuUs', 'saturated'],
  ['serverCpuUs', 'saturated'],
  ['throughputPerS', 'saturated'],
  ['nodeCpuUs', 'equal-rate'],
  ['proxyCpuUs', 'equal-rate'],
  ['serverCpuUs', 'equal-rate'],
  ['responseP50Ms', 'equal-rate'],
]

/** Beyond it the two runs were hardly taken on the same machine, whatever it is called. */
const SPEED_CHANGE_MAX = 1.15

/**
 * Puts the rounds of two runs side by side, arm by arm. They are not paired, and a machine is not always as quick: a
 * difference is claimed where it shows in the figures as taken, and still when the machine's speed is divided out.
 * @throws StillinError where the two cannot be compared at all (unless `force`), one of them is not valid, or they have
 * no arm in common.
 */
export function compareResults(
  a: RunResult,
  b: RunResult,
  force = false,
): Pick<ResultComparison, 'differences' | 'slower' | 'warnings'> {
  const incomparable = [...invalid(a), ...invalid(b), ...differing(a, b, DECISIVE)]
  if (incomparable.length > 0 && !force) {
    throw new StillinError(`these two cannot be compared: ${incomparable.join('; ')}`, {
      exitCode: EXIT.invalid,
      hint: 'With --force they are put side by side all the same.',
    })
  }
  const arms = a.arms.map(({ arm }) => arm).filter((arm) => b.arms.some((other) => other.arm === arm))
  if (arms.length === 0)
    throw new StillinError(
      `these two have no measured mode in common: ${a.id} is a ${a.kind}, ${b.id} a ${b.kind}`,
      {
        exitCode: EXIT.usage,
        hint: 'Runs of stillin bench and verdict can be compared; a sweep compares its own values.',
      },
    )
  const [before, after] = [a, b].map(({ windows }) => speedOf(windows, 'saturated'))
  const speeds = unpairedRatio(before ?? [], after ?? [])
  return {
    differences: arms.flatMap((arm) => COMPARED.flatMap((what) => differ(a, b, arm, ...what))),
    slower: speeds ? { ratio: speeds.ratio, interval: speeds.interval } : null,
    warnings: [
      ...incomparable,
      ...differing(a, b, TELLING),
      ...distances(a, b),
      ...speedWarnings(speeds),
      ...[a, b].flatMap((result) => restWarnings(result, arms)),
    ],
  }
}

/** Where what is called saturated had rest. */
function restWarnings({ id, windows }: RunResult, arms: readonly ArmName[]): string[] {
  return checkSaturation(windows, arms)
    .filter(({ ok }) => !ok)
    .map(({ arm, detail }) => `not saturated, ${arm} in ${id}: ${detail}; nothing is claimed of it there`)
}

function speedWarnings(speeds: UnpairedRatio | undefined): string[] {
  if (!speeds)
    return ['speed of the machine: unknown, for want of a baseline in one of them; nothing is claimed']
  if (Math.max(speeds.ratio, 1 / speeds.ratio) <= SPEED_CHANGE_MAX) return []
  const [before, after] = [speeds.a, speeds.b].map(({ value }) => `${value.toFixed(1)} µs`)
  return [
    `speed of the machine: the load generator itself spent ${before} on a request of the baseline, and ${after}; better run both again, one after the other`,
  ]
}

function differ(
  a: RunResult,
  b: RunResult,
  arm: ArmName,
  metric: Compared,
  point: Point,
): ResultDifference[] {
  // At another rate a request costs something else: that is no difference between the two programs.
  if (point === 'equal-rate' && a.configuration.ratePerS !== b.configuration.ratePerS) return []
  if (isLatency(metric) && [a, b].some((result) => !isValid(result, arm, metric))) return []
  const taken = [a, b].map(({ windows }) => figuresOf(windows, arm, metric, point))
  const even = [a, b].map(({ windows }) => figuresAtOneSpeed(windows, arm, metric, point))
  const found = unpairedRatio(taken[0] ?? [], taken[1] ?? [])
  if (!found) return []
  const steady = unpairedRatio(even[0] ?? [], even[1] ?? [])
  const atOneSpeed = steady ? { ratio: steady.ratio, interval: steady.interval } : null
  const floor = claimFloor([a, b].map((result) => ownFloor(result, metric, point)))
  const side = sideOf(found, floor)
  const isNamedRightly = [a, b].every(({ windows }) => isAsNamed(windows, arm, point))
  const claimed = isNamedRightly && side !== 0 && atOneSpeed !== null && sideOf(atOneSpeed, floor) === side
  const { ratio, interval } = found
  return [{ arm, metric, point, a: found.a.value, b: found.b.value, ratio, interval, atOneSpeed, claimed }]
}

/** The proxy's CPU is in no family of a run's own comparisons: its floor is in the windows alone. */
function ownFloor({ noise, windows }: RunResult, metric: Compared, point: Point): NoiseFloor | undefined {
  return metric === 'proxyCpuUs' ? floorIn(windows, metric, point) : floorOf(noise, metric, point)
}

/** A latency that the run's own check voided is none. */
function isValid({ arms }: RunResult, arm: ArmName, name: Compared): boolean {
  const metrics = arms.find((one) => one.arm === arm)?.metrics
  return metrics?.find((metric) => metric.name === name && metric.point === 'equal-rate')?.valid !== false
}

/** 1 or −1 where a ratio is beyond the floor and its interval leaves out 1; 0 where there is no floor. */
function sideOf({ ratio, interval }: SpeedRatio, floor: number | undefined): -1 | 0 | 1 {
  if (!interval || floor === undefined || Math.abs(ratio - 1) <= floor) return 0
  if (interval[0] > 1) return 1
  return interval[1] < 1 ? -1 : 0
}

function invalid(result: RunResult): string[] {
  return result.valid ? [] : [`${result.id} is not valid`]
}

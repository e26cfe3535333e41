import { type DetectionRound, detectionShare, separateRuns } from '#bench/statistics/detection.ts'
import { hodgesLehmann } from '#bench/statistics/hodges-lehmann.ts'
import { median } from '#bench/statistics/median.ts'
import { createRandom } from '#bench/workload/random.ts'
import type { PlantedEffect } from '#contract/calibration.ts'
import type { SelfCheck, WindowRow } from '#contract/result.ts'
import { READINGS } from '../costs/arm-metrics.ts'
import { CALIBRATED, type Plant } from './plants.ts'

/** As in a comparison of six modes with the baseline. */
export const COMPARISONS = 6
export const BLOCK_ROUNDS = 8
const SIZES = [8, 12, 16, 20] as const
const DRAWS = 400

/** A window, and what was planted in it; undefined: nothing. */
export interface PlantedWindow {
  row: WindowRow
  plant: string | undefined
}

/**
 * What the rule of claims says of every plant and of two equal arms.
 * @param requestCpuUs what shares of were planted: measured before, and so not quite what a request cost meanwhile.
 */
export function judgePlants(
  windows: readonly PlantedWindow[],
  plants: readonly Plant[],
  requestCpuUs: number,
  seed: number,
  draws: number = DRAWS,
): PlantedEffect[] {
  const found = plants.map((plant) => judge(windows, plant, requestCpuUs, seed, draws))
  const equal = CALIBRATED.flatMap(([metric, point]) => {
    const plant = plants.find((one) => one.metric === metric && one.point === point)
    return plant ? [judge(windows, { ...plant, name: 'none' }, requestCpuUs, seed, draws)] : []
  })
  return [...equal, ...found].filter((effect) => effect !== undefined)
}

function judge(
  windows: readonly PlantedWindow[],
  plant: Plant,
  requestCpuUs: number,
  seed: number,
  draws: number,
): PlantedEffect | undefined {
  const equal = plant.name === 'none'
  const rounds = roundsOf(windows, plant)
  if (rounds.length < BLOCK_ROUNDS) return undefined
  const random = createRandom(seed).fork(`${plant.name} ${plant.metric}`)
  const logs = rounds.map(({ tested, plain: [first = 0, second = 0, third = 0] }) =>
    Math.log((equal ? third : tested) / ((first + second) / 2)),
  )
  const { estimate, interval } = hodgesLehmann(logs)
  const rule = { comparisons: COMPARISONS, equal }
  return {
    name: plant.name,
    metric: plant.metric,
    point: plant.point,
    planted: equal ? 1 : plantedRatio(rounds, plant, requestCpuUs),
    ratio: Math.exp(estimate),
    interval: [Math.exp(interval?.[0] ?? estimate), Math.exp(interval?.[1] ?? estimate)],
    detections: SIZES.filter((size) => size <= rounds.length).map((size) => ({
      rounds: size,
      share: detectionShare(rounds, { ...rule, rounds: size, draws }, random),
      draws,
    })),
    separate: separateRuns(rounds, { ...rule, rounds: BLOCK_ROUNDS }, random),
  }
}

/** What was added, over what a request cost in these very rounds. */
function plantedRatio(
  rounds: readonly DetectionRound[],
  { cpuShare }: Plant,
  requestCpuUs: number,
): number | null {
  if (cpuShare === 0) return null
  return 1 + (cpuShare * requestCpuUs) / median(rounds.flatMap(({ plain }) => plain))
}

/** Rounds in which the plant and at least three plain visits have a figure. */
function roundsOf(windows: readonly PlantedWindow[], { name, metric, point }: Plant): DetectionRound[] {
  const ofPoint = windows.filter(({ row }) => row.point === point)
  return [...Map.groupBy(ofPoint, ({ row }) => row.round).values()].flatMap((own) => {
    const read = (wanted: string | undefined) =>
      own.flatMap(({ row, plant }) => (plant === wanted ? (READINGS[metric](row) ?? []) : []))
    const plain = read(undefined)
    // Of equal arms the tested one is a plain visit itself.
    const [tested = name === 'none' ? plain[0] : undefined] = read(name)
    return tested === undefined || plain.length < 3 ? [] : [{ tested, plain }]
  })
}

/** A harness that misses the largest plant, or sees what is not there, must not be believed today. */
export function checkPlants(effects: readonly PlantedEffect[], plants: readonly Plant[]): SelfCheck[] {
  const [largest] = plants.toSorted((one, other) => other.cpuShare - one.cpuShare)
  const large = effects.find(({ name }) => name === largest?.name)
  const share = large?.detections.at(-1)?.share ?? 0
  const alarms = effects.filter(({ name }) => name === 'none').flatMap(({ detections }) => detections)
  const most = Math.max(0, ...alarms.map((one) => one.share))
  return [
    {
      name: `a planted ${largest?.name ?? 'slowdown'} is found`,
      ok: share >= 0.95,
      detail: `in ${percent(share)} of draws of ${large?.detections.at(-1)?.rounds ?? 0} rounds; at least 95 % must be`,
      voids: 'run',
    },
    {
      name: 'equal arms are not called different',
      ok: alarms.length > 0 && most <= 0.05,
      detail: `in ${percent(most)} of draws at most; 5 % may be`,
      voids: 'run',
    },
  ]
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}

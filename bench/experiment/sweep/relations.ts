import { type RatioAt, signChanges } from '#bench/statistics/crossings.ts'
import type { ModeName } from '#contract/modes.ts'
import { type Crossing, SWEEP_FIGURES, type SweepRelation, type SweepStep } from '#contract/sweep.ts'

const NOT_COMPARED = { ratio: 1, interval: [1, 1], claimed: false } as const

/** Every pair of modes in every figure: who is better at which step, and where that turns. Less is better in all figures. */
export function relationsOf(steps: readonly SweepStep[], modes: readonly ModeName[]): SweepRelation[] {
  return SWEEP_FIGURES.flatMap(([metric, point]) =>
    modes.flatMap((arm, index) =>
      modes.slice(index + 1).map((against): SweepRelation => {
        const found = steps.map((step) => ({
          step,
          comparison: step.comparisons.find(
            (one) =>
              one.arm === arm && one.against === against && one.metric === metric && one.point === point,
          ),
        }))
        const better = found.map(({ comparison }) => {
          if (!comparison?.claimed) return null
          return comparison.ratio < 1 ? arm : against
        })
        // A step at which the two were not compared stays between its neighbours: nothing is interpolated across it.
        const places = found.flatMap(({ step, comparison }): RatioAt[] =>
          step.at === null ? [] : [{ ...(comparison ?? NOT_COMPARED), at: step.at }],
        )
        const crossings = signChanges(places).map(
          ({ rises, between, at }): Crossing => ({
            below: rises ? arm : against,
            above: rises ? against : arm,
            between,
            at,
          }),
        )
        return { arm, against, metric, point, better, crossings }
      }),
    ),
  )
}

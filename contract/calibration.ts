import type { ModeName } from './modes.ts'
import type { MetricName, Point } from './result.ts'

/** How often the rule of claims said "different" in this many rounds. */
export interface Detection {
  rounds: number
  /** Of draws without replacement from the rounds measured: they overlap, so this is no count of independent runs. */
  share: number
  draws: number
}

/** A slowdown that was planted, or none at all. */
export interface PlantedEffect {
  /** `none`, `+10 % CPU`, `+1 ms`. */
  name: string
  metric: MetricName
  point: Point
  /** What was planted over what a request cost in these rounds without it; null: a delay, whose ratio depends on the latency. */
  planted: number | null
  /** What was measured over all rounds. */
  ratio: number
  interval: readonly [number, number]
  detections: readonly Detection[]
  /** Runs of `blockRounds` rounds that share no round, and how many of them called it different. */
  separate: { runs: number; found: number }
}

/** What this machine can see now: figures of the harness, not of any mode. */
export interface CalibrationEvidence {
  mode: ModeName
  rounds: number
  /** The family that each verdict is corrected for, as in a comparison of six modes. */
  comparisons: number
  /** Rounds of a separate run. */
  blockRounds: number
  /** CPU time of a request without any burden, µs: what shares were planted of. */
  requestCpuUs: number
  effects: readonly PlantedEffect[]
}

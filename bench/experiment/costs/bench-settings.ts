import { roundsFor } from '#bench/statistics/power.ts'
import type { Mix } from '#contract/mix.ts'
import type { ModeName } from '#contract/modes.ts'
import type { Renewal } from '#contract/renewal.ts'
import { renewedArms } from '../renewals/renewed-modes.ts'
import { countComparisons } from './compare-arms.ts'

/** How long and how often a benchmark looks. Times in ms unless the name says otherwise. */
export interface BenchSettings {
  via: 'proxy' | 'nodes'
  connections: number
  rounds: number
  windowMs: number
  /** Load that runs before each window and is not counted. */
  leadMs: number
  /** Load that goes on after each window, while the servers' counters are read. */
  tailMs: number
  /** Open-loop rate; undefined: a share of what the slowest arm can do, found while warming up. */
  ratePerS: number | undefined
  warmUpMaxMs: number
  seed: number
  /** Ways to make a login last that are compared; as the lab's nodes were started unless given. */
  renewals?: readonly Renewal[] | undefined
  /** Bytes of data that every login keeps; none unless given. */
  payloadBytes?: number | undefined
  /** Live sessions beside those of the load, in modes that keep any; none unless given. */
  sessions?: number | undefined
  /** What the open loop sends instead of lookups alone. */
  mix?: Mix | undefined
  /** How often the whole stack is started anew, each time for its share of the rounds; once unless given. */
  stacks?: number | undefined
}

/** What `stillin verdict` compares unless told otherwise: it is to be done within three minutes. */
export const VERDICT_MODES: readonly ModeName[] = ['local', 'sticky', 'redis', 'cookie', 'jwt']

/** Under 100 s for five modes: what `stillin verdict` uses. */
export const VERDICT_SETTINGS = {
  rounds: 8,
  windowMs: 500,
  leadMs: 150,
  tailMs: 50,
  warmUpMaxMs: 3_000,
} as const

/** How many rounds tell these arms apart, unless told otherwise: 8, and 12 for more than six comparisons. */
export function defaultRounds(modes: readonly ModeName[], renewals: readonly Renewal[] = ['fixed']): number {
  return roundsFor(countComparisons(renewedArms(modes, renewals)))
}

/** A sweep and a decision compare every mode with every other: ten pairs of five modes. */
export function pairsOf(modes: readonly ModeName[]): number {
  return (modes.length * (modes.length - 1)) / 2
}

/** The same for a sweep: enough for the bare route's comparisons, and for those between the modes. */
export function sweepRounds(modes: readonly ModeName[]): number {
  return Math.max(defaultRounds(modes), roundsFor(pairsOf(modes)))
}

/** Windows of 1 s, as docs/measuring.md says. */
export const BENCH_SETTINGS = {
  windowMs: 1_000,
  leadMs: 200,
  tailMs: 50,
  warmUpMaxMs: 3_000,
} as const

/** What `--thorough` takes: about a quarter of an hour for six modes. */
export const THOROUGH_SETTINGS = { ...BENCH_SETTINGS, rounds: 20, windowMs: 3_000, stacks: 3 } as const

/** What each value of a sweep takes: about a minute for three modes, all at one rate, so that curves are of one thing. */
export const SWEEP_SETTINGS = { windowMs: 500, warmUpMs: 2_000, rate: 300 } as const

/** What a calibration's rounds are made of: short windows, so that many fit. */
export const CALIBRATION_SETTINGS = {
  via: 'proxy',
  rounds: 40,
  windowMs: 400,
  leadMs: 100,
  tailMs: 50,
  warmUpMaxMs: 3_000,
  ratePerS: 300,
} as const

/** Twenty runs that share no round, each with the rounds and windows of a bench by default. */
export const FULL_CALIBRATION_SETTINGS = { ...CALIBRATION_SETTINGS, ...BENCH_SETTINGS, rounds: 160 } as const

/** The open loop runs at this share of the slowest arm's throughput. */
export const EQUAL_RATE_SHARE = 0.3
/** And at no more than this: the generator's one thread does not keep its pace far beyond, and the run would be void. */
export const EQUAL_RATE_MAX_PER_S = 10_000

/** Switching, connecting and reading counters, per visit of an arm: for the estimate of the time left. */
const OVERHEAD_S = 0.25

/** Planned seconds of one visit of one arm in one round. */
export function visitSeconds(settings: BenchSettings): number {
  return (2 * (settings.leadMs + settings.windowMs + settings.tailMs)) / 1000 + OVERHEAD_S
}

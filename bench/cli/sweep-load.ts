import { SWEEP_SETTINGS, sweepRounds } from '#bench/experiment/costs/bench-settings.ts'
import type { ModeName } from '#contract/modes.ts'
import type { LoadFlags } from './load-flags.ts'

/**
 * What a sweep is asked for: short windows unless it is to be thorough, and one rate in either case, so that curves are
 * of one thing.
 * @param modes between them there are more comparisons than with the bare route.
 */
export function sweepLoad(flags: LoadFlags, modes: readonly ModeName[]): LoadFlags {
  const { rate, ...windows } = SWEEP_SETTINGS
  return flags.thorough ? { rate, ...flags } : { rate, ...windows, rounds: sweepRounds(modes), ...flags }
}

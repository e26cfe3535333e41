import { MODES } from '#contract/modes.ts'
import type { RunResult } from '#contract/result.ts'
import { summaryOf } from '#contract/stores.ts'
import type { Condition } from './conditions.ts'

/** Kinds of run in whose figures a mode stands for itself. */
const OF_MODES: readonly RunResult['kind'][] = ['bench', 'chaos', 'lag', 'sweep', 'verdict']

/** What each mode of the run is, for a reader who ran nothing: its name tells little by itself. */
export function modeNames({ kind, configuration }: RunResult): readonly Condition[] {
  if (!OF_MODES.includes(kind)) return []
  const { modes, store = 'redis' } = configuration
  // A result of somebody else's may name a mode that this version does not know.
  return modes.flatMap((name) =>
    Object.hasOwn(MODES, name) ? [{ name, value: summaryOf(name, store) }] : [],
  )
}

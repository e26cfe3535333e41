import type { Sample } from '#bench/load/plan.ts'
import type { Mode } from '#contract/modes.ts'

/**
 * Puts the mode's table beside what the users of the dead node saw: after the fault, a refusal of a login whose only
 * holder died is what the table announces (`refused_as_expected`) where it announces it, and unexpected elsewhere.
 */
export function judgeSamples(
  run: { samples: readonly Sample[]; faultUs: number },
  mode: Mode,
  usersOfDeadNode: ReadonlySet<string>,
): Sample[] {
  if (mode.expected.lookup['holder-lost'] !== 'refuse') return [...run.samples]
  return run.samples.map((sample) =>
    sample.outcome === 'unexpected_401' && sample.doneUs >= run.faultUs && usersOfDeadNode.has(sample.user)
      ? { ...sample, outcome: 'refused_as_expected' as const }
      : sample,
  )
}

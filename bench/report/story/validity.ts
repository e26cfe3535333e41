import type { RunResult, SelfCheck } from '#contract/result.ts'

/** What a reader must know before any figure. */
export interface Validity {
  readonly usable: boolean
  /** One line; shouted where the run is not usable. */
  readonly headline: string
  /** What else lowers the worth of the figures: an interruption, a planted bug, checks that failed. */
  readonly reasons: readonly string[]
}

function checkLine({ name, detail, arm, voids }: SelfCheck): string {
  const extent = voids === 'nothing' ? '' : ` (voids ${voids === 'run' ? 'the run' : 'latency'})`
  return `${name}${arm === undefined ? '' : `, ${arm}`}: ${detail}${extent}`
}

/** Whether the figures may be used, and every reason for doubt. */
export function validityOf(result: RunResult): Validity {
  const { plant } = result.configuration
  const failed = result.checks.filter((check) => !check.ok)
  const reasons = [
    ...(plant === null
      ? []
      : [`a known bug was planted (${plant}): these are figures of a sabotaged system`]),
    ...(result.interrupted ? ['ended early by hand: only what was measured until then is here'] : []),
    ...failed.map(checkLine),
  ]
  if (!result.valid)
    return { usable: false, headline: 'THIS RUN IS NOT VALID: do not use its figures', reasons }
  // None that failed, of none, is no sign of soundness.
  if (result.checks.length === 0)
    return { usable: true, headline: 'This kind of run has no self-checks', reasons }
  const checks = `${result.checks.length - failed.length} of ${result.checks.length} self-checks passed`
  return { usable: true, headline: `Valid run: ${checks}`, reasons }
}

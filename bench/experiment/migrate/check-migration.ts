import type { MigrationEvidence, MigrationStep } from '#contract/migration.ts'
import type { SelfCheck } from '#contract/result.ts'

/** Later than this at the 99th percentile, and "everybody asks once a second" was not so. */
const LATE_MAX_MS = 500
const QUIET_SHARE = 0.01

/** What must hold of a migration for its figures to count. @param lateMs how late questions were sent. */
export function checkMigration({ steps }: MigrationEvidence, lateMs: readonly number[]): SelfCheck[] {
  const p99 = [...lateMs].sort((a, b) => a - b)[Math.floor(lateMs.length * 0.99)] ?? 0
  return [
    ...steps.map(quietBefore),
    {
      name: 'questions were sent when they were due',
      ok: p99 <= LATE_MAX_MS,
      detail: `sent at most ${p99.toFixed(0)} ms late (p99); allowed are ${LATE_MAX_MS} ms`,
      voids: 'run',
    },
  ]
}

function quietBefore({ from, before }: MigrationStep): SelfCheck {
  const bad = before.refused + before.failed
  return {
    name: 'quiet before the switch',
    arm: from,
    ok: before.answered > 0 && bad <= before.answered * QUIET_SHARE,
    detail: `${bad} of ${before.answered} lookups in ${from} were refused or failed before the order`,
    voids: 'run',
  }
}

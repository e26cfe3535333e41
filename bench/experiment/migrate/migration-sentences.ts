import { formatFigure } from '#bench/report/numbers.ts'
import type { MigrationEvidence, MigrationStep } from '#contract/migration.ts'

/** What a reader takes home: one sentence a step, one about the way back, and what to plan for. */
export function migrationSentences({ steps, users, wayBack }: MigrationEvidence): string[] {
  return [...steps.map(stepSentence), ...backSentence(wayBack), ...planSentence(steps, users)]
}

function stepSentence({ from, to, logins, after, reLogins, wholeMs, watchedMs }: MigrationStep): string {
  const { live, lost } = logins
  const ended =
    lost === live ? `all ${live} logins` : lost === 0 ? `none of ${live} logins` : `${lost} of ${live} logins`
  const kinds = Object.entries(after.kinds).map(([kind, count]) => `${count} ${kind}`)
  const failed =
    after.failed === 0
      ? 'no request failed otherwise'
      : `${after.failed} ${after.failed === 1 ? 'request' : 'requests'} failed otherwise (${kinds.join(', ')})`
  const whole =
    wholeMs === null
      ? `not everybody was in again within ${seconds(watchedMs)}`
      : `${seconds(wholeMs)} after the order everybody was in again`
  return `From ${from} to ${to}: the switch ended ${ended}, and ${failed}; ${reLogins.users} users logged in again with their password, and ${whole}.`
}

function backSentence(wayBack: MigrationEvidence['wayBack']): string[] {
  if (wayBack === null) return []
  const { mode, logins, goodAgain } = wayBack
  return [
    `Switched back to ${mode} at the end, ${goodAgain} of the ${logins} logins made there at the start were good again without a password, since they had not expired.`,
  ]
}

function planSentence(steps: readonly MigrationStep[], users: number): string[] {
  const costs = steps.flatMap(({ loginCpuMs, logins }) => (logins.lost > 0 && loginCpuMs ? [loginCpuMs] : []))
  if (costs.length === 0) return []
  const [least, most] = [Math.min(...costs), Math.max(...costs)].map((ms) => formatFigure(ms))
  const range = least === most ? `${least}` : `${least} to ${most}`
  return [
    `Plan a switch of mode as a logout of everybody: each of these ${users} users cost the nodes ${range} ms of CPU for the password alone, and comes back when they notice.`,
  ]
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}

import { formatPercent } from '#bench/report/numbers.ts'
import type { FailureRun } from '#contract/result.ts'

/** What a fault did to people whose logins lived through it, and who got in who should not have: a sentence a finding. */
export function faultSentences(failures: readonly FailureRun[]): string[] {
  const counting = failures.filter(({ steady }) => steady.before && steady.after)
  return counting
    .flatMap((run) => [falselyOut(run), letIn(run), forged(run), joined(run)])
    .filter((text) => text !== '')
}

function falselyOut({ ledger, mode, fault, survival }: FailureRun): string {
  if (ledger === undefined || ledger.falseLogouts.lasting === 0) return ''
  const why =
    (ledger.pinsMoved ?? 0) > 0
      ? `; the proxy had moved pins to nodes that do not know them (${ledger.pinsMoved} times)`
      : ''
  return `With ${mode}, ${fault} left ${ledger.falseLogouts.lasting} of ${survival.users} users refused after the heal though their logins lived${why}.`
}

function letIn({ ledger, mode, fault, events }: FailureRun): string {
  if (ledger === undefined || ledger.loggedOut.expected !== 'refuse' || ledger.loggedOut.accepted === 0)
    return ''
  const { accepted, asked, users } = ledger.loggedOut
  const detail = events.find(({ kind, source }) => kind === 'fault' && source === 'harness')?.detail
  const what = detail === undefined ? fault : `${fault} (${detail})`
  const who = users === undefined ? '' : `${users.accepted} of ${users.asked} users who had logged out: `
  return `With ${mode}, ${what} let in ${who}${accepted} of ${asked} requests with credentials that had been logged out before.`
}

function forged({ ledger, mode, survival }: FailureRun): string {
  if (!ledger?.forged) return ''
  const { asked, accepted, acceptedForMs, acceptedAfterHealMs } = ledger.forged
  const out = `logged out ${survival.lost} of ${survival.users} honest users`
  const leaked = `With ${mode} and the signing key leaked, a forged admin was`
  if (accepted === 0) return `${leaked} refused in all of ${asked} tries; the rotation ${out}.`
  const after =
    acceptedAfterHealMs > 0 ? `, last ${Math.round(acceptedAfterHealMs)} ms after the rotation was done` : ''
  return `${leaked} accepted for ${(acceptedForMs / 1000).toFixed(1)} s${after}; the rotation ${out}.`
}

/** What a node that joined changed: for those who were there, as a rule, nothing. */
function joined({ ledger, mode, metrics, survival }: FailureRun): string {
  if (ledger?.joined === undefined) return ''
  const { node, readyMs, answeredShare, accepted, begun } = ledger.joined
  const failed = metrics.find(({ name }) => name === 'failedRequests')?.value ?? 0
  const moved = ledger.pinsMoved === null ? '' : `, ${ledger.pinsMoved} pins moved`
  return `With ${mode}, ${node} took traffic ${(readyMs / 1000).toFixed(1)} s after it was asked for, and answered ${percent(answeredShare)} of the lookups in the second half of its stay: ${failed} requests failed, ${survival.lost} of ${survival.users} logins lost${moved}; accepted were ${percent(accepted.before)} before, ${percent(accepted.during)} then, ${percent(accepted.after)} after. Of ${begun.users} logins that began at it, ${begun.lost} were lost when it was taken out.`
}

function percent(share: number | null): string {
  return share === null ? 'an unknown share' : `${formatPercent(share)} %`
}

import { formatRevocation, MODES } from '#contract/modes.ts'
import type { FailureRun, RevocationProbe } from '#contract/result.ts'
import { formatCount, formatFigure, formatTime } from '../numbers.ts'

/** The words of `x-revocation` for people: `at-expiry;s=300` → `at expiry, 300 s`. Unknown words are kept as they are. */
export function revocationWords(declared: string): string {
  const [word = '', parameter = ''] = declared.split(';')
  const value = parameter.split('=')[1]
  switch (word) {
    case 'at-once':
      return 'at once'
    case 'at-expiry':
      return value === undefined ? 'at expiry' : `at expiry, ${value} s`
    case 'within':
      return value === undefined ? 'within a bound' : `within ${value} ms`
    case 'by-chance':
      return 'by chance'
    default:
      return declared
  }
}

/** What the probes saw, at its worst: a bound is broken by one logout, not by the median. */
export function seenWords(probe: RevocationProbe): string {
  const logouts = `${formatCount(probe.probes)} logout${probe.probes === 1 ? '' : 's'}`
  if (probe.probes === 0) return 'not timed'
  if (probe.acknowledged < probe.probes)
    return `${formatCount(probe.probes - probe.acknowledged)} of ${logouts} ${probe.declared === 'by-chance' ? 'refused, user still in' : 'not acknowledged'}`
  if (probe.unfinished > 0)
    return `${formatCount(probe.unfinished)} of ${logouts} still accepted when watching ended`
  if (probe.unclear)
    return `${formatCount(probe.unclear)} of ${logouts} not seen refused by every node: one did not answer, or was in another mode`
  const worstMs = Math.max(0, ...probe.lagsMs)
  const short = /^at-expiry/.test(probe.declared)
    ? `, lifetime ${formatFigure(probe.credentialLifetimeS)} s`
    : `, ${logouts}`
  return worstMs === 0 ? `never accepted again, ${logouts}` : `${formatTime(worstMs)} seen${short}`
}

/** When a logout takes hold: what the mode declares with its usual lifetime, and what this run saw. */
export function logoutTakesHold(run: FailureRun): string {
  return `${revocationWords(run.revocation.declared || formatRevocation(MODES[run.mode]))} (${seenWords(run.revocation)})`
}

/** Orders runs by what became of their logouts, the worst first. */
export function byWorstLogout({ revocation: a }: FailureRun, { revocation: b }: FailureRun): number {
  return (
    b.probes - b.acknowledged - (a.probes - a.acknowledged) ||
    b.unfinished - a.unfinished ||
    (b.unclear ?? 0) - (a.unclear ?? 0) ||
    Math.max(0, ...b.lagsMs) - Math.max(0, ...a.lagsMs)
  )
}

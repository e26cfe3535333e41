import type { Sample } from '#bench/load/plan.ts'
import type { Expectation } from '#contract/operations.ts'
import type { Accepted, OutageLedger } from '#contract/outage.ts'
import type { LoginAttempt } from './side-probes/login-probe.ts'
import type { OutageEvidence, OutsiderAsked } from './side-probes/outage-probe.ts'

/** When the store was away, µs on the monotonic clock: from the fault until the healing began, and was done. */
export interface Away {
  faultUs: number
  healBeganUs: number
  healUs: number
}

export type TimedLookup = Pick<Sample, 'dueUs' | 'sentUs' | 'doneUs' | 'outcome' | 'node'>

/**
 * What an outage let in, beside what it let be done. The policy is for whoever set it.
 * @param loggedOut what the mode's table says of a login that was ended: only where it is refused is an accept wrong.
 */
export function outageLedger(
  samples: readonly TimedLookup[],
  { asked, logouts }: OutageEvidence,
  logins: readonly LoginAttempt[],
  nodes: readonly string[],
  { faultUs, healBeganUs, healUs }: Away,
  loggedOut: Expectation,
): OutageLedger {
  const isDuring = ({ sentUs }: { sentUs: number }) => sentUs >= faultUs && sentUs < healBeganUs
  const isAfter = ({ sentUs }: { sentUs: number }) => sentUs >= healUs
  const lookups = samples.filter(({ dueUs }) => isDuring({ sentUs: dueUs }))
  const tried = logouts.filter(isDuring)
  const accepted = (what: OutsiderAsked['what']) => {
    const of = asked.filter((one) => one.what === what)
    return { during: count(of.filter(isDuring)), after: count(of.filter(isAfter)) }
  }
  const failed = samples.filter((sample) => sample.dueUs >= healUs && sample.outcome !== 'ok')
  const letIn = asked.filter(
    (one) => isAfter(one) && one.accepted && (one.what === 'forged' || loggedOut === 'refuse'),
  )
  const wrongUs = [...failed.map(({ dueUs }) => dueUs), ...letIn.map(({ sentUs }) => sentUs)]
  const answered = lookups.filter(({ sentUs, doneUs }) => sentUs > 0 && doneUs > 0)
  return {
    policy: null,
    lookups: {
      asked: lookups.length,
      ok: lookups.filter(({ outcome }) => outcome === 'ok').length,
      unavailable: lookups.filter(({ outcome }) => outcome === '503_store').length,
      slowestMs: answered.length === 0 ? null : Math.max(...answered.map(serviceMs)),
    },
    revoked: accepted('revoked'),
    forged: accepted('forged'),
    logins: {
      tried: logins.filter(isDuring).length,
      made: logins.filter((login) => isDuring(login) && login.made).length,
    },
    logouts: {
      tried: tried.length,
      acknowledged: tried.filter(({ end }) => end === 'acknowledged').length,
      unsure: tried.filter(({ end }) => end === 'unsure').length,
    },
    backMs: backMs(samples, nodes, healUs),
    lastWrongMs: Math.max(0, ...wrongUs.map((atUs) => (atUs - healUs) / 1000)),
  }
}

function count(asked: readonly OutsiderAsked[]): Accepted {
  return { asked: asked.length, accepted: asked.filter(({ accepted }) => accepted).length }
}

function serviceMs({ sentUs, doneUs }: TimedLookup): number {
  return (doneUs - sentUs) / 1000
}

/** Who answered right before the store was declared back was back at once. */
function backMs(samples: readonly TimedLookup[], nodes: readonly string[], healUs: number): number | null {
  const each = nodes.map((id) => {
    const right = samples.filter(
      ({ node, outcome, doneUs }) => node === id && outcome === 'ok' && doneUs >= healUs,
    )
    return right.length === 0
      ? null
      : Math.max(0, (Math.min(...right.map(({ doneUs }) => doneUs)) - healUs) / 1000)
  })
  return each.includes(null) ? null : Math.max(0, ...each.map((ms) => ms ?? 0))
}

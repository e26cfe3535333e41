import { formatPercent } from '#bench/report/numbers.ts'
import type { ModeName } from '#contract/modes.ts'
import { MODES } from '#contract/modes.ts'
import type { Accepted, OutageLedger } from '#contract/outage.ts'
import type { FailureRun } from '#contract/result.ts'

/** In these states nobody gets an answer of Redis; in the others it answers somebody, or slowly, or refuses some of what is asked. */
const SILENT = ['kill-redis', 'pause-redis', 'silent-redis']

/** A sentence a policy (or a mode without a choice): what it gave while Redis gave no answer, and what that let in. */
export function outageSentences(runs: readonly FailureRun[]): string[] {
  const steady = runs.filter((run) => run.steady.before && run.steady.after && SILENT.includes(run.fault))
  const groups = Map.groupBy(steady, ({ mode, outage }) => `${mode}|${outage?.policy ?? ''}`)
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    const outages = group.flatMap(({ outage }) => (outage === undefined ? [] : [outage]))
    if (first === undefined || outages.length === 0) return []
    return [
      sentence(
        first.mode,
        outages,
        group.map(({ fault }) => fault),
      ),
    ]
  })
}

function sentence(mode: ModeName, outages: readonly OutageLedger[], faults: readonly string[]): string {
  const sum = (of: (outage: OutageLedger) => number) =>
    outages.reduce((total, outage) => total + of(outage), 0)
  const policy = outages[0]?.policy ?? null
  const asked = sum(({ lookups }) => lookups.asked)
  const share = asked === 0 ? null : sum(({ lookups }) => lookups.ok) / asked
  const back = Math.max(...outages.map(({ lastWrongMs }) => lastWrongMs))
  const parts = [
    `${formatPercent(share)} % of the lookups were answered`,
    letIn(mode, outages),
    `${sum(({ logins }) => logins.made)} of ${sum(({ logins }) => logins.tried)} logins and ${sum(({ logouts }) => logouts.acknowledged)} of ${sum(({ logouts }) => logouts.tried)} logouts were made`,
    back === 0
      ? 'nothing went wrong after its return'
      : `the last wrong answer was asked for ${Math.round(back)} ms after its return`,
  ]
  return `${mode}${policy === null ? '' : `, ${policy}`}: while Redis gave no answer (${faults.join(', ')}), ${parts.join('; ')}.`
}

function letIn(mode: ModeName, outages: readonly OutageLedger[]): string {
  const total = (of: (outage: OutageLedger) => Accepted) =>
    outages.reduce(
      (sum, outage) => ({
        asked: sum.asked + of(outage).asked,
        accepted: sum.accepted + of(outage).accepted,
      }),
      { asked: 0, accepted: 0 },
    )
  const revoked = total((outage) => outage.revoked.during)
  const forged = total((outage) => outage.forged.during)
  const forgedWords = `${forged.accepted} of ${forged.asked} with a forged one`
  if (MODES[mode].expected.lookup['logged-out'] !== 'refuse')
    return `${revoked.accepted} of ${revoked.asked} questions with a revoked login were accepted, as declared, and ${forgedWords}`
  return `${revoked.accepted} of ${revoked.asked} questions with a revoked login were let in, and ${forgedWords}`
}

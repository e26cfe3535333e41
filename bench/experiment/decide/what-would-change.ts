import { formatPercent, formatTime } from '#bench/report/numbers.ts'
import type { Decision, LimitJudgement, LimitName } from '#contract/decision.ts'
import { MODES, type ModeName } from '#contract/modes.ts'
import { SATURATED_FROM } from '#contract/saturation.ts'
import { busyShareOf } from '../costs/saturation.ts'
import type { Source } from './source.ts'

type Known = Omit<Decision, 'notMeasured' | 'wouldChange'>

/** What stands between this evidence and certainty, each with the command that would measure it. */
export function notMeasured(decision: Known, usable: readonly Source[]): string[] {
  const open = decision.judgements.filter(
    ({ mode, verdict }) => verdict === 'unknown' && isOpen(decision, mode),
  )
  const gaps = Map.groupBy(open, ({ limit }) => limit)
  const lines = [...gaps].map(
    ([limit, judgements]) =>
      `${limit}: ${whyWords(judgements)}. To measure it: ${commandFor(limit, judgements, decision)}`,
  )
  if (decision.limits.maxLogoutLagMs !== undefined)
    lines.push('Timed was the logout of one login: not log out everywhere, a ban or a password change.')
  const fault = usable.some(({ result }) => result.failures.some((run) => run.fault === 'kill-redis'))
  const leaning = decision.modes.filter((mode) => MODES[mode].needs.includes('redis'))
  if (leaning.length > 0 && !fault)
    lines.push(`What becomes of ${leaning.join(', ')} when Redis dies: \`stillin chaos --fault kill-redis\`.`)
  if (decision.modes.length > 1) lines.push(...withRest(decision.modes, usable))
  lines.push(
    'Your machines, your network, your payload, the distance of your Redis: see the conditions below.',
  )
  return lines
}

/** Modes that are ordered at no saturated node, since theirs was none. */
function withRest(modes: readonly ModeName[], usable: readonly Source[]): string[] {
  return usable.flatMap(({ file, result }) =>
    modes.flatMap((mode) => {
      const busy = busyShareOf(result.windows, mode)
      if (busy === null || busy >= SATURATED_FROM) return []
      return [
        `CPU of a saturated node, ${mode}: in ${file} its node was busy for ${formatPercent(busy)} % of the time and had rest. To measure it: more --connections, on a machine that does nothing else.`,
      ]
    }),
  )
}

/** Which limit or circumstance carries the conclusion. */
export function wouldChange(decision: Known, usable: readonly Source[]): string[] {
  const lines = brokenOnce(decision).map(
    ({ mode, limit, why }) => `Without ${limit}, ${mode} would come into question: ${why}.`,
  )
  const leaning = decision.modes.filter((mode) => MODES[mode].needs.includes('redis'))
  const storeBound = decision.modes.filter((mode) => MODES[mode].survives === 'while-store-lives')
  if (decision.limits.surviveNodeLoss && storeBound.length > 0)
    lines.push(
      `Logins live as long as Redis does with ${storeBound.join(', ')}: a Redis that can be lost with its data.`,
    )
  if (leaning.length > 0) lines.push(...distance(leaning, usable))
  for (const mode of decision.modes) {
    const { one, user } = MODES[mode].revokes
    if (user !== one) lines.push(`${mode} ends one login ${one}, but all logins of a user ${user}.`)
  }
  if (decision.comparisons.length > 0)
    lines.push(
      'Another rate or another machine: the order of costs was seen at the two points above and nowhere else.',
    )
  return lines
}

function brokenOnce({ judgements }: Known): LimitJudgement[] {
  return [...Map.groupBy(judgements, ({ mode }) => mode).values()].flatMap((own) => {
    const broken = own.filter(({ verdict }) => verdict === 'broken')
    return broken.length === 1 && own.length > 1 ? broken : []
  })
}

function distance(modes: readonly ModeName[], usable: readonly Source[]): string[] {
  const trip = usable.find(({ result }) => result.environment.redis)?.result.environment.redis?.roundTripMs
    .p50
  if (trip === undefined) return []
  return [
    `A Redis farther away than ${formatTime(trip)}: ${modes.join(', ')} waits that much longer wherever it asks Redis.`,
  ]
}

/** A mode that another limit already rules out leaves no question open. */
function isOpen({ judgements }: Known, name: ModeName): boolean {
  return judgements.every(({ mode, verdict }) => mode !== name || verdict !== 'broken')
}

function whyWords(judgements: readonly LimitJudgement[]): string {
  return [...Map.groupBy(judgements, ({ why }) => why)]
    .map(([why, same]) => `${same.map(({ mode }) => mode).join(', ')}: ${why}`)
    .join('; ')
}

function commandFor(limit: LimitName, judgements: readonly LimitJudgement[], { limits }: Known): string {
  const modes = `--modes ${judgements.map(({ mode }) => mode).join(',')}`
  if (limit === 'max-logout-lag' || limit === 'survive-node-loss')
    return `\`stillin chaos --fault kill-node ${modes}\``
  const rate = limits.lookupsPerS === undefined ? '' : ` --rate ${limits.lookupsPerS}`
  return `\`stillin bench${rate} ${modes}\``
}

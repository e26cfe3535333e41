import type { DemoStep } from '#contract/demo.ts'
import type { ForeignDemo, ForeignFailure, ForeignLag } from '#contract/foreign.ts'

/** One plain sentence that says no more than the steps showed. */
export function foreignDemoSentence(demo: Omit<ForeignDemo, 'sentence'>): string {
  const [login] = demo.steps
  if (!login) return 'The demonstration was cut short.'
  const crash = demo.steps.find(({ name }) => name === 'crash')
  const logout = demo.steps.find(({ name }) => name === 'logout')
  const parts = [
    aboutLogin(login),
    crash && aboutCrash(login, crash, demo),
    logout && aboutLogout(crash ?? login, logout, demo),
  ]
  const unclear = demo.steps.flatMap(({ nodes }) => nodes).filter(({ answer }) => answer === 'unclear').length
  const doubt =
    unclear > 0 ? ` Answers that said neither in nor out, or named somebody else: ${unclear}.` : ''
  return `${parts.filter(Boolean).join('; ')}.${doubt}`
}

function acceptedBy(step: DemoStep): readonly string[] {
  return step.nodes.filter(({ answer }) => answer === 'in').map(({ id }) => id)
}

function viaEntrance({ viaProxy: { asked, accepted } }: DemoStep): string {
  return `${accepted} of ${asked} requests through the entrance were in`
}

function aboutLogin(login: DemoStep): string {
  const knowing = acceptedBy(login)
  if (login.nodes.length === 0) return `After the login ${viaEntrance(login)}`
  if (knowing.length === login.nodes.length) return 'Every node accepts the login'
  if (knowing.length === 0) return `No node accepts the login by itself, and ${viaEntrance(login)}`
  return `Only ${knowing.join(' and ')} ${knowing.length === 1 ? 'knows' : 'know'} the login, and ${viaEntrance(login)}`
}

function aboutCrash(
  login: DemoStep,
  crash: DemoStep,
  { victim, victimChosenBy }: Omit<ForeignDemo, 'sentence'>,
): string {
  const who = victimChosenBy === 'first' ? `${victim} (no answer names its node)` : `${victim}`
  if (crash.nodes.length === 0) return `with ${who} killed ${viaEntrance(crash)}`
  if (acceptedBy(crash).length > 0)
    return crash.viaProxy.accepted === crash.viaProxy.asked
      ? `killing ${who} logs nobody out`
      : `with ${who} killed ${viaEntrance(crash)}`
  if (isOpen(crash)) return `whether killing ${who} logs the user out cannot be said`
  return acceptedBy(login).length > 0 ? `killing ${who} logs the user out` : `killing ${who} changes nothing`
}

/** Some node gave no clear answer, and none accepted. */
function isOpen(step: DemoStep): boolean {
  return acceptedBy(step).length === 0 && step.nodes.some(({ answer }) => answer === 'unclear')
}

function aboutLogout(
  before: DemoStep,
  logout: DemoStep,
  { logoutStatus = 0, loggedInAgain }: Omit<ForeignDemo, 'sentence'>,
): string {
  const which = loggedInAgain ? 'the logout of a new login' : 'the logout'
  const answered = logoutStatus === 0 ? `${which} got no answer` : `${which} is answered ${logoutStatus}`
  if (logout.nodes.length === 0) return `${answered}, and then ${viaEntrance(logout)}`
  const stillIn = acceptedBy(logout)
  if (stillIn.length > 0) {
    const where = stillIn.length === logout.nodes.length ? 'every node' : stillIn.join(' and ')
    return `${answered}, and ${where} still accepts the old credential`
  }
  if (isOpen(logout)) return `${answered}, and whether it holds cannot be said`
  if (!loggedInAgain && acceptedBy(before).length === 0) return `nothing was left to log out (${answered})`
  return `after ${which} no node accepts the old credential`
}

/** What a fault did, each sentence true of the figures and of no more. */
export function foreignFailureSentences(run: Omit<ForeignFailure, 'sentences' | 'environment'>): string[] {
  const { survival, fault, part, falseLogouts, failed, before, logins } = run
  const { users, lost, lostOfDeadNode, unclear } = survival
  const how = run.surveyed === 'nodes' ? 'no node accepts' : 'the entrance did not accept in six tries'
  const steadyOut = before.unexpected_401
  const intended = Object.values(before).reduce((sum, count) => sum + count, 0)
  return [
    lost === 0
      ? `${fault} of ${part} logged nobody out${unclear > 0 ? ' of whom that can be said' : ''}: ${users - unclear} of ${users} logins are accepted afterwards.`
      : `${fault} of ${part} logged out ${lost} of ${users} users: ${how} their logins any more${lostOfDeadNode > 0 ? `; ${lostOfDeadNode} of them only ${part} had known` : ''}.`,
    unclear > 0
      ? `Of ${unclear} of ${users} logins nothing can be said: afterwards no place accepted them, and not every one refused.`
      : '',
    falseLogouts.lasting > 0
      ? `${falseLogouts.lasting} users were refused through the entrance to the end of the run though a node still knows their login.`
      : '',
    failed.count > 0
      ? `After the fault ${failed.count} requests got an error or no answer, the last of them due ${((failed.lastMs ?? 0) / 1000).toFixed(1)} s after it.`
      : 'After the fault every request was answered with in or out.',
    steadyOut > 0
      ? `Before the fault ${steadyOut} of ${intended} lookups with a live login were already refused: requests met nodes that do not know it.`
      : '',
    run.outcomes.wrong_user > 0 ? `${run.outcomes.wrong_user} answers named somebody else.` : '',
    logins.acceptedNowhere > 0
      ? `${logins.acceptedNowhere} of ${logins.tried} logins were accepted nowhere from the start, and are not counted.`
      : '',
  ].filter((text) => text !== '')
}

/** How long logouts took to hold. */
export function foreignLagSentence(lag: Omit<ForeignLag, 'sentence'>): string {
  const { asked, acknowledged, unfinished, watchedMs, nodes } = lag
  if (acknowledged === 0) return `None of ${asked} logouts was acknowledged.`
  const all = nodes.flatMap(({ lagsMs }) => lagsMs)
  const missing =
    acknowledged < asked ? ` ${asked - acknowledged} of ${asked} logouts were not acknowledged.` : ''
  if (all.length === 0) return `No place had accepted any of the logins before their logout.${missing}`
  if (unfinished > 0)
    return `After ${unfinished} of ${acknowledged} logouts the old credential was still accepted, or not refused, somewhere when the watching ended after ${(watchedMs / 1000).toFixed(1)} s.${missing}`
  const worst = Math.max(...all)
  return worst === 0
    ? `After each of ${acknowledged} logouts no question sent after the acknowledgement was accepted.${missing}`
    : `After ${acknowledged} logouts the old credential was accepted for up to ${Math.round(worst)} ms more.${missing}`
}

import type { DemoMode, DemoStep } from '#contract/demo.ts'
import { expiryOf, MODES, usesCookies } from '#contract/modes.ts'

/** One plain sentence that says no more than the three steps showed. */
export function demoSentence(demo: Omit<DemoMode, 'sentence'>): string {
  const [login, crash, logout] = demo.steps
  if (!login || !crash || !logout) return 'The demonstration was cut short.'
  if (demo.client === 'no-cookies' && usesCookies(MODES[demo.mode])) return withoutCookie(login, logout, demo)
  return `${demo.client === 'no-cookies' ? NEEDS_NO_COOKIE : ''}${aboutLogin(login, demo)}; ${aboutCrash(login, crash)}; ${aboutLogout(crash, logout, demo)}.`
}

const NEEDS_NO_COOKIE = 'The token goes in a header and needs no cookie. '

/** A client that kept no cookie where a cookie is the login. */
function withoutCookie(login: DemoStep, logout: DemoStep, demo: Omit<DemoMode, 'sentence'>): string {
  const { asked, accepted, nodes } = login.viaProxy
  const pinned = MODES[demo.mode].balancer === 'affinity-cookie' && nodes !== undefined
  const affinity = pinned
    ? `, and without the affinity cookie ${nodes === 1 ? 'one node' : `${nodes} different nodes`} answered them`
    : ''
  const left = acceptedBy(logout).length === 0 ? 'there is nothing to log out' : 'somebody still lets it in'
  return `The cookie that is the login was not kept: ${accepted} of ${asked} requests were let in${affinity}; ${left} (the logout is answered ${demo.logoutStatus}).`
}

function acceptedBy(step: DemoStep): readonly string[] {
  return step.nodes.filter((node) => node.answer === 'in').map((node) => node.id)
}

function aboutLogin(login: DemoStep, demo: Omit<DemoMode, 'sentence'>): string {
  const knowing = acceptedBy(login)
  const { asked, accepted } = login.viaProxy
  if (knowing.length === login.nodes.length) return 'Every node accepts the login'
  if (knowing.length === 0) return 'No node accepts the login'
  const route =
    accepted === asked
      ? 'and the proxy always leads there'
      : `and the proxy finds it in ${accepted} of ${asked} requests`
  return `Only ${knowing.join(' and ')} knows the login, ${route}${knowing.includes(demo.loginNode) ? '' : ' (not where it was made)'}`
}

function aboutCrash(login: DemoStep, crash: DemoStep): string {
  if (acceptedBy(crash).length > 0) {
    const { asked, accepted } = crash.viaProxy
    return accepted === asked
      ? 'the crash logs nobody out'
      : `after the crash ${accepted} of ${asked} requests through the proxy were still accepted`
  }
  if (crash.nodes.some(({ answer }) => answer === 'unclear'))
    return 'after the crash no node accepts the login, and not all could tell'
  return acceptedBy(login).length > 0 ? 'its crash logs the user out' : 'the crash changes nothing'
}

function aboutLogout(crash: DemoStep, logout: DemoStep, demo: Omit<DemoMode, 'sentence'>): string {
  const stillIn = acceptedBy(logout)
  if (stillIn.length === 0) {
    if (acceptedBy(crash).length === 0) return 'nothing was left to log out'
    const bounded = boundOf(demo)
    const silent = logout.nodes
      .filter(({ answer }) => answer === 'dead' || answer === 'unclear')
      .map(({ id }) => id)
    if (silent.length > 0)
      return `after the logout no node that answered accepts the old credential (${silent.join(' and ')} said neither yes nor no)`
    return bounded === undefined
      ? 'the logout holds everywhere at once'
      : `after the logout no node accepts the old credential (promised within ${bounded} ms)`
  }
  const where = stillIn.length === logout.nodes.length ? 'every node' : stillIn.join(' and ')
  if (demo.logoutStatus >= 300)
    return `the logout was not acknowledged (${demo.logoutStatus}), and ${where} still accepts the old credential`
  const { revokes, accessS } = MODES[demo.mode]
  const bounded = boundOf(demo)
  const late = bounded === undefined ? '' : `, for at most ${bounded} ms as the mode promises`
  const until =
    revokes.one === 'at-expiry' ? `, until it expires (${expiryOf(demo.declared) ?? accessS} s)` : late
  return `after the logout ${where} still accepts the old credential${until}`
}

/** The bound in ms where the mode promises one that is not "at once"; undefined elsewhere. */
function boundOf({ mode }: Omit<DemoMode, 'sentence'>): number | undefined {
  const { revokes, boundMs } = MODES[mode]
  return revokes.one === 'within-bound' || revokes.one === 'after-replication' ? boundMs : undefined
}

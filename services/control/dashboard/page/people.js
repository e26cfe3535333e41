import { ask, whenPressed } from './api.js'
import { byId, element, setText } from './element.js'

const buttons = new Map()

export function createPeople(about) {
  for (const rate of about.rates) {
    const button = element('button', { type: 'button', id: `rate-${rate}`, 'aria-pressed': 'false' })
    button.textContent = rate === 0 ? 'No load' : `${rate} requests/s`
    whenPressed(button, byId('load-said'), () => ask('PUT', '/dashboard/load', { ratePerS: rate }))
    buttons.set(rate, button)
    byId('rates').append(button)
  }
  const again = element('button', { type: 'button', id: 'people-login' }, 'Log everybody in again')
  whenPressed(again, byId('load-said'), () => ask('POST', '/dashboard/people/login'))
  byId('rates').append(again)
}

export function showPeople({ load, people, fault, nowMs }) {
  for (const [rate, button] of buttons) button.setAttribute('aria-pressed', String(rate === load.ratePerS))
  setText(byId('lost'), people.count === 0 ? '–' : String(fault ? people.lostSinceFault : people.lost))
  setText(byId('lost-text'), `people logged out${sinceWhen(people, fault, nowMs)}`)
  const left =
    load.endsAtMs === null ? '' : ` The load ends in ${Math.ceil((load.endsAtMs - nowMs) / 1000)} s.`
  setText(
    byId('people-text'),
    people.count === 0
      ? 'Nobody is logged in yet. Start some load: it logs people in, spread over the nodes.'
      : `Of ${people.count} people, ${people.in} are let in by at least one node, ${people.lost} by none, ` +
          `${people.unclear} cannot be told: a node that may know them gives no answer, or 503.${left}`,
  )
}

/** A figure of those who are logged in now says nothing of who was lost before they were. */
function sinceWhen({ count, loggedInAtMs }, fault, nowMs) {
  const ago = (atMs) => `${Math.round((nowMs - atMs) / 1000)} s ago`
  if (count === 0) return ': none are logged in, so none can be lost'
  if (!fault) return ': nothing was seen to break yet'
  const what = `${fault.part} was ${fault.what}`
  if (fault.atMs >= loggedInAtMs) return ` since ${what}, ${ago(fault.atMs)}`
  return ` since they were logged in, ${ago(loggedInAtMs)}; ${what} before that, ${ago(fault.atMs)}`
}

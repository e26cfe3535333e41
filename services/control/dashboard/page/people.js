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
  setText(byId('lost'), fault ? String(people.lostSinceFault) : '0')
  setText(
    byId('lost-text'),
    fault
      ? `people logged out since ${fault.part} was ${fault.what}, ${Math.round((nowMs - fault.atMs) / 1000)} s ago`
      : 'people logged out: nothing was broken yet',
  )
  const left =
    load.endsAtMs === null ? '' : ` The load ends in ${Math.ceil((load.endsAtMs - nowMs) / 1000)} s.`
  setText(
    byId('people-text'),
    people.count === 0
      ? 'Nobody is logged in yet. Start some load: it logs people in, spread over the nodes.'
      : `Of ${people.count} people, ${people.in} are let in by at least one node, ${people.lost} by none, ` +
          `${people.unclear} depend on a node that does not answer.${left}`,
  )
}

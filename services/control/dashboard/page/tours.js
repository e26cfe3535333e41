import { byId, element, setText } from './element.js'
import { TOURS } from './tour-texts.js'

let walking

/** A button a tour. */
export function createTours() {
  for (const tour of TOURS) {
    const button = element('button', { type: 'button', id: `tour-${tour.id}` }, tour.name)
    button.addEventListener('click', () => begin(tour))
    byId('tour-list').append(button)
  }
  byId('tour-leave').addEventListener('click', leave)
}

/** Checks whether the present step was done, and points at what the next one wants. */
export function followTour(state) {
  if (walking === undefined) return
  walking.since ??= startOf(state)
  while (walking.step < walking.tour.steps.length) {
    if (!walking.tour.steps[walking.step].done(state, walking.since)) break
    walking.step += 1
    walking.since = startOf(state)
  }
  const { tour, step, items } = walking
  items.forEach((item, index) => {
    item.className = index < step ? 'done' : index === step ? 'now' : ''
    if (index === step) item.setAttribute('aria-current', 'step')
    else item.removeAttribute('aria-current')
  })
  point(tour.steps[step]?.point?.(state))
  byId('tour').dataset.finished = String(step === tour.steps.length)
  setText(byId('tour-leave'), step === tour.steps.length ? 'Done: close the tour' : 'Leave the tour')
}

/** What a step counts from. */
function startOf({ visitor }) {
  return {
    ask: visitor.asks.at(-1)?.seq ?? 0,
    login: Math.max(0, ...visitor.credentials.map(({ id }) => id)),
  }
}

function begin(tour) {
  leave()
  const items = tour.steps.map(({ text }) => element('li', {}, text))
  if (tour.ending) items.push(element('li', {}, tour.ending))
  byId('tour-steps').replaceChildren(...items)
  setText(byId('tour-name'), tour.name)
  byId('tour').hidden = false
  byId('tour-name').focus()
  walking = { tour, step: 0, items, since: undefined }
}

function leave() {
  walking = undefined
  point(undefined)
  byId('tour').hidden = true
}

function point(id) {
  for (const element of document.querySelectorAll('.pointed')) {
    if (element.id !== id) element.classList.remove('pointed')
  }
  if (id !== undefined) byId(id)?.classList.add('pointed')
}

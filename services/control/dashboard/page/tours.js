import { byId, element, setText } from './element.js'
import { focusBar, pointAt } from './pointer.js'
import { TOURS } from './tour-texts.js'

/** What is to be looked at may not come, on a machine that is busy: after this long one may go on without it. */
const LOOK_MS = 8_000
let walking

/** A button a tour. */
export function createTours() {
  for (const tour of TOURS) {
    const button = element('button', { type: 'button', id: `tour-${tour.id}` }, tour.name)
    button.addEventListener('click', () => begin(tour))
    byId('tour-list').append(button)
  }
  byId('tour-leave').addEventListener('click', leave)
  byId('tour-next').addEventListener('click', () => {
    if (walking?.state === undefined) return
    goOn()
    followTour(walking.state)
    // The button that was pressed may have gone, and the focus with it.
    if (byId('tour-next').hidden) focusBar()
  })
}

/** Checks whether the present step was done, and points at what the next one wants. What is to be seen waits to be read. */
export function followTour(state) {
  for (const tour of TOURS) byId(`tour-${tour.id}`).hidden = !canBeWalked(tour, state.cluster)
  if (walking === undefined) return
  walking.state = state
  walking.since ??= startOf(state)
  while (present()?.done(state, walking.since) && present().look !== true) goOn()
  show()
}

/** A tour whose steps this cluster has no parts for would stop in the middle. */
function canBeWalked({ needsLinks, needs }, { links, parts }) {
  const has = (wanted) => parts.some(({ kind }) => kind === wanted)
  if (needsLinks && !links) return false
  return needs === undefined || has('redis') || (needs === 'store' && has('store'))
}

function present() {
  return walking.tour.steps[walking.step]
}

function goOn() {
  walking.step += 1
  walking.since = startOf(walking.state)
}

function show() {
  const { tour, step, items, state, since } = walking
  items.forEach((item, index) => {
    item.className = index < step ? 'done' : index === step ? 'now' : ''
    if (index === step) item.setAttribute('aria-current', 'step')
    else item.removeAttribute('aria-current')
  })
  const now = present()
  const next = byId('tour-next')
  next.hidden = now?.look !== true
  next.disabled = !next.hidden && !now.done(state, since) && Date.now() - since.atMs < LOOK_MS
  byId('tour-go').hidden = now === undefined
  pointAt(now?.point?.(state), step)
  const finished = now === undefined
  byId('tour').dataset.finished = String(finished)
  setText(byId('tour-name'), finished ? tour.name : `${tour.name}: step ${step + 1} of ${tour.steps.length}`)
  setText(byId('tour-leave'), finished ? 'Done: close the tour' : 'Leave the tour')
}

/** What a step counts from. */
function startOf({ visitor }) {
  return {
    atMs: Date.now(),
    ask: visitor.asks.at(-1)?.seq ?? 0,
    login: Math.max(0, ...visitor.credentials.map(({ id }) => id)),
  }
}

function begin(tour) {
  leave()
  const texts = [...tour.steps.map(({ text }) => text), tour.ending]
  const items = texts.map((text, index) => element('li', { value: index + 1 }, text))
  byId('tour-steps').replaceChildren(...items)
  setText(byId('tour-name'), tour.name)
  byId('tour').hidden = false
  byId('tour-name').focus()
  walking = { tour, step: 0, items, since: undefined, state: undefined }
}

function leave() {
  walking = undefined
  pointAt(undefined)
  byId('tour').hidden = true
}

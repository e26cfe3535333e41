import { ask, takeToken } from './api.js'
import { byId, element, setText } from './element.js'
import { addEvents } from './events.js'
import { createAddNode, showParts } from './parts.js'
import { createPeople, showPeople } from './people.js'
import { drawPicture, tellModes } from './picture.js'
import { drawCharts } from './sparklines.js'
import { createTours, followTour } from './tours.js'
import { createYou, showYou } from './you.js'

const EVERY_MS = 1_000
const SAMPLES_MAX = 120
const connection = byId('connection')
let samples = []
let seq = 0
let shownMode
let about

async function start() {
  if (!takeToken()) {
    connection.textContent = 'This page needs the link that `stillin up` printed: it holds the key.'
    return
  }
  try {
    about = await ask('GET', '/dashboard/about')
  } catch (error) {
    connection.textContent =
      error.status === 401
        ? 'The key is not this cluster’s. Use the link that `stillin up` printed.'
        : 'Control does not answer. Is the cluster still up?'
    return
  }
  tellModes(about.modes)
  createModes()
  createAddNode(byId('parts-said'))
  createYou(about)
  createPeople(about)
  createTours()
  look()
}

function createModes() {
  const select = byId('mode')
  for (const { name } of about.modes) select.append(element('option', { value: name }, name))
  const explain = () =>
    setText(byId('mode-summary'), about.modes.find(({ name }) => name === select.value)?.summary ?? '')
  select.addEventListener('change', explain)
  byId('mode-form').addEventListener('submit', async (event) => {
    event.preventDefault()
    connection.textContent = `Switching to ${select.value}…`
    try {
      const { mode, generation } = await ask('PUT', '/mode', { mode: select.value })
      connection.textContent = `Mode ${mode}, generation ${generation}`
    } catch (error) {
      connection.textContent = `Not switched: ${error.message}`
    }
  })
}

/** One look a second, never two at once. */
async function look() {
  try {
    show(await ask('GET', `/dashboard/state?since=${seq}`))
    if (document.body.dataset.ready === undefined) {
      document.body.dataset.ready = 'yes'
      connection.textContent = 'Connected'
    }
  } catch (error) {
    connection.textContent = `Control does not answer (${error.message})`
  }
  setTimeout(look, EVERY_MS)
}

function show(state) {
  seq = state.seq
  samples = [...samples, ...state.samples].slice(-SAMPLES_MAX)
  const now = { ...state, samples }
  showMode(state.cluster)
  drawPicture(now)
  showParts(state.cluster, byId('parts-said'))
  showYou(state)
  showPeople(state)
  drawCharts(samples)
  addEvents(state.events)
  followTour(now)
}

function showMode({ mode, parts }) {
  const has = (wanted) => parts.some(({ kind, condition }) => kind === wanted && condition === 'ready')
  const select = byId('mode')
  for (const option of select.options) {
    const { needsRedis } = about.modes.find(({ name }) => name === option.value)
    // Mode redis makes do with any central store.
    option.disabled = needsRedis && !has('redis') && !(option.value === 'redis' && has('store'))
  }
  if (mode === shownMode) return
  shownMode = mode
  select.value = mode
  select.dispatchEvent(new Event('change'))
}

start()

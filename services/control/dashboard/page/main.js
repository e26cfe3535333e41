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
/** Control answers a look from memory: later than this it hangs, or the way to it does. */
const LOOK_MS = 5_000
const SAMPLES_MAX = 120
const connection = byId('connection')
const modeSaid = byId('mode-said')
let samples = []
let seq = 0
let shownMode
/** What this page switched to last; undefined: somebody else has switched since. */
let switchedTo
let shownAt = ''
let about

async function start() {
  // A link opened in a tab that shows this page already changes its fragment and loads nothing.
  addEventListener('hashchange', () => location.reload())
  if (!takeToken()) {
    connection.textContent = 'This page needs the link that `stillin up` printed: it holds the key.'
    return
  }
  about = await askOrTell('/dashboard/about')
  if (about === undefined) return
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
    modeSaid.textContent = `Switching to ${select.value}…`
    try {
      const { mode, generation } = await ask('PUT', '/mode', { mode: select.value })
      modeSaid.textContent = `Mode ${mode}, generation ${generation}`
      switchedTo = mode
    } catch (error) {
      modeSaid.textContent = `Not switched: ${error.message}`
    }
  })
}

/** One look a second, never two at once. */
async function look() {
  const state = await askOrTell(`/dashboard/state?since=${seq}`)
  if (state === undefined) return
  setTimeout(look, EVERY_MS)
  show(state)
  delete document.body.dataset.stale
  document.body.dataset.ready = 'yes'
  shownAt = new Date().toLocaleTimeString('en-GB')
  setText(connection, 'Connected')
}

/** Asks until there is an answer, and says meanwhile that there is none; undefined: this key will never get one. */
async function askOrTell(path) {
  for (;;) {
    try {
      return await ask('GET', path, undefined, LOOK_MS)
    } catch (error) {
      const isForeign = error.status === 401
      document.body.dataset.stale = 'yes'
      setText(
        connection,
        isForeign
          ? 'The key is not this cluster’s. Use the link that `stillin up` printed.'
          : `Control does not answer. Is the cluster still up?${shownAt && ` What stands here is of ${shownAt}.`}`,
      )
      if (isForeign) return undefined
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS))
    }
  }
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
  // What this page was told of its own switch is over when another terminal switches.
  if (switchedTo !== undefined && switchedTo !== mode) setText(modeSaid, '')
  if (switchedTo !== mode) switchedTo = undefined
  select.value = mode
  select.dispatchEvent(new Event('change'))
}

start()

import { ask, whenPressed } from './api.js'
import { byId, element, setText } from './element.js'
import { wayButtons } from './links.js'

/** Which actions have a meaning in which condition. */
const OFFERED = {
  ready: ['kill', 'pause', 'drain'],
  draining: ['kill', 'pause', 'resume'],
  paused: ['kill', 'resume'],
  stopped: ['start'],
  starting: [],
}
const ACTIONS = ['kill', 'start', 'pause', 'resume', 'drain']
/** What a kind of part calls them; the rest goes by its own name. */
const LABELS = { redis: { kill: 'stop', pause: 'silence' } }
const rows = new Map()

/** One row a part, built once, so that a button keeps the focus while its neighbours change. */
export function showParts(cluster, said) {
  for (const [id, { whole }] of rows) {
    if (cluster.parts.some((part) => part.id === id)) continue
    whole.remove()
    rows.delete(id)
  }
  for (const part of cluster.parts) {
    if (part.kind === 'control') continue
    if (!rows.has(part.id)) rows.set(part.id, createRow(part, said))
    const { tag, buttons, ways } = rows.get(part.id)
    setText(tag, part.condition)
    tag.className = `tag ${part.condition}`
    ways?.show(cluster)
    for (const [action, button] of buttons) {
      button.disabled =
        !OFFERED[part.condition].includes(action) || (!cluster.canSignal && !isProxys(action, part))
    }
  }
}

/** A further node joins the cluster; where nobody can start one, the button says so. */
export function createAddNode(said) {
  whenPressed(byId('add-node'), said, async () => {
    said.textContent = 'Starting a node…'
    const { id } = await ask('POST', '/nodes')
    return { text: `${id} has joined and takes traffic, slowly at first` }
  })
}

/** Draining is the proxy's work and needs nobody who can signal. */
function isProxys(action, part) {
  return action === 'drain' || (action === 'resume' && part.condition === 'draining')
}

function createRow(part, said) {
  const tag = element('span', { class: 'tag' })
  const buttons = new Map()
  const row = element('div', { class: 'row' })
  // A store is signalled where its process is ours, and only Redis then.
  const ours =
    !isStore(part) || (part.kind === 'redis' && (part.pid !== undefined || part.condition !== 'ready'))
  const actions = part.kind === 'node' ? ACTIONS : ours ? ACTIONS.slice(0, 4) : []
  for (const action of actions) {
    const label = LABELS[part.kind]?.[action] ?? action
    const button = element('button', {
      type: 'button',
      id: `${action}-${part.id}`,
      'aria-label': `${label} ${part.id}`,
    })
    button.textContent = label
    whenPressed(button, said, async () => {
      await ask('POST', `/parts/${encodeURIComponent(part.id)}/${action}`)
      return { text: `${part.id}: ${label} done` }
    })
    buttons.set(action, button)
    row.append(button)
  }
  const ways = isStore(part) ? wayButtons(part, actions.length > 0, said) : undefined
  if (ways) row.append(...ways.nodes)
  if (actions.length === 0 && !isStore(part))
    row.append(element('span', { class: 'quiet' }, 'cannot be stopped from here'))
  const whole = element('div', { class: 'part' }, element('b', {}, part.id), tag, row)
  byId('parts').append(whole)
  return { whole, tag, buttons, ways }
}

function isStore({ kind }) {
  return kind === 'redis' || kind === 'store'
}

import { ask, whenPressed } from './api.js'
import { byId, element, setText } from './element.js'

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
/** Far for a store, and near enough that no node gives up waiting. */
const SLOW_MS = 50
const rows = new Map()

/** One row a part, built once, so that a button keeps the focus while its neighbours change. */
export function showParts(cluster, said) {
  for (const part of cluster.parts) {
    if (part.kind === 'control') continue
    if (!rows.has(part.id)) rows.set(part.id, createRow(part, said))
    const { tag, buttons } = rows.get(part.id)
    setText(tag, part.condition)
    tag.className = `tag ${part.condition}`
    for (const [action, button] of buttons) {
      button.disabled =
        !OFFERED[part.condition].includes(action) || (!cluster.canSignal && !isProxys(action, part))
    }
  }
}

/** Draining is the proxy's work and needs nobody who can signal. */
function isProxys(action, part) {
  return action === 'drain' || (action === 'resume' && part.condition === 'draining')
}

function createRow(part, said) {
  const tag = element('span', { class: 'tag' })
  const buttons = new Map()
  const row = element('div', { class: 'row' })
  const ours = part.kind !== 'redis' || part.pid !== undefined || part.condition !== 'ready'
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
  if (part.kind === 'redis') row.append(...linkButtons(part, said))
  if (actions.length === 0) row.append(element('span', { class: 'quiet' }, 'cannot be stopped from here'))
  byId('parts').append(element('div', { class: 'part' }, element('b', {}, part.id), tag, row))
  return { tag, buttons }
}

/** Slows every node's way to Redis, or heals it; needs a cluster that was started with relays. */
function linkButtons(redis, said) {
  const all = async (request, text) => {
    await Promise.all(nodeIds().map((id) => ask('PUT', `/links/${id}/${redis.id}`, request)))
    return { text }
  }
  return [
    ['slow', { delayMs: SLOW_MS }, `every question to ${redis.id} now takes ${SLOW_MS} ms longer`],
    ['heal', {}, `${redis.id} is as near as before`],
  ].map(([name, request, text]) => {
    const button = element('button', {
      type: 'button',
      id: `${name}-${redis.id}`,
      'aria-label': `${name} ${redis.id}`,
    })
    button.textContent = name
    whenPressed(button, said, () => all(request, text))
    return button
  })
}

function nodeIds() {
  return [...rows.keys()].filter((id) => id.startsWith('node-'))
}

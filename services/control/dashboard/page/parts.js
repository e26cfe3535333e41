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
  const actions = part.kind === 'node' ? ACTIONS : part.kind === 'proxy' ? ACTIONS.slice(0, 4) : []
  for (const action of actions) {
    const button = element('button', {
      type: 'button',
      id: `${action}-${part.id}`,
      'aria-label': `${action} ${part.id}`,
    })
    button.textContent = action
    whenPressed(button, said, async () => {
      await ask('POST', `/parts/${encodeURIComponent(part.id)}/${action}`)
      return { text: `${part.id}: ${action} done` }
    })
    buttons.set(action, button)
    row.append(button)
  }
  if (actions.length === 0) row.append(element('span', { class: 'quiet' }, 'cannot be stopped from here'))
  byId('parts').append(element('div', { class: 'part' }, element('b', {}, part.id), tag, row))
  return { tag, buttons }
}

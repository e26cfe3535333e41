import { ask, whenPressed } from './api.js'
import { element, setText } from './element.js'

/** Far for a store, and near enough that no node gives up waiting. */
const SLOW_MS = 50
const ACTIONS = [
  [
    'slow',
    `slow by ${SLOW_MS} ms`,
    { delayMs: SLOW_MS },
    (id) => `each question to ${id} takes ${SLOW_MS} ms longer`,
  ],
  ['silence', 'silence', { silent: true }, (id) => `no word from ${id} reaches a node, and nobody is told`],
  ['cut', 'cut', { cut: true }, (id) => `every way to ${id} is cut`],
  ['heal', 'heal', {}, (id) => `every way to ${id} is whole, and as short as before`],
]

/** The relayed ways from the nodes to a part; undefined: they run without relays and cannot be changed. */
export function waysTo(cluster, id) {
  return cluster.links?.filter(({ to }) => to === id)
}

/** What is wrong with a way, as a class; `whole` where nothing is. */
export function troubleOf({ cut, silent, delayMs, jitterMs }) {
  if (cut || silent) return 'broken'
  return delayMs > 0 || jitterMs > 0 ? 'slow' : 'whole'
}

/** The worst of them in two or three words; empty: nothing is wrong. */
export function wayWords(ways = []) {
  const all = ways.map(({ condition }) => condition)
  const count = (wrong) => {
    const some = all.filter(wrong).length
    return some === 0 || some === all.length ? '' : ` from ${some} of ${all.length}`
  }
  if (all.some(({ cut }) => cut)) return `cut off${count(({ cut }) => cut)}`
  if (all.some(({ silent }) => silent)) return `silent${count(({ silent }) => silent)}`
  const farthest = Math.max(0, ...all.map(({ delayMs }) => delayMs))
  return farthest === 0 ? '' : `${farthest} ms farther${count(({ delayMs }) => delayMs > 0)}`
}

/**
 * Buttons that slow, cut and heal every node's way to a part, and a tag that says how it is.
 * @param ours its process can be silenced, so that its ways need not be
 */
export function wayButtons(part, ours, said) {
  const tag = element('span', { class: 'tag unclear' })
  let ways
  const buttons = ACTIONS.filter(([name]) => name !== 'silence' || !ours).map(
    ([name, label, request, told]) => {
      const button = element('button', {
        type: 'button',
        id: `${name}-${part.id}`,
        'aria-label': `${label} ${part.id}`,
      })
      button.textContent = label
      whenPressed(button, said, async () => {
        await Promise.all(ways.map(({ from }) => ask('PUT', `/links/${from}/${part.id}`, request)))
        return { text: told(part.id) }
      })
      return [name, button]
    },
  )
  return {
    nodes: [...buttons.map(([, button]) => button), tag],
    show(cluster) {
      ways = waysTo(cluster, part.id) ?? []
      for (const [name, button] of buttons)
        button.disabled = ways.length === 0 || (name === 'heal' && wayWords(ways) === '')
      const whyNot = cluster.canSignal && !cluster.links ? 'started with --no-links' : 'not from here'
      setText(tag, ways.length === 0 ? whyNot : wayWords(ways))
      tag.hidden = tag.textContent === ''
    },
  }
}

import { byId, shape } from './element.js'
import { troubleOf, waysTo, wayWords } from './links.js'

/** Stands before those whom the proxy leads back. */
const PIN = '⚲ pinned:'
/** Signs of a name that fit into a node's box. */
const NAME_MAX = 22
const narrow = matchMedia('(max-width: 640px)')

/** Draws the cluster as it is now: from left to right, on a phone from top to bottom. */
export function drawPicture({ cluster, samples, load, people, pins, visitor }) {
  const sample = samples.at(-1)
  const nodes = cluster.parts.filter(({ kind }) => kind === 'node')
  const proxy = cluster.parts.find(({ kind }) => kind === 'proxy')
  const store = cluster.parts.find(({ kind }) => kind === 'redis' || kind === 'store')
  const ways = waysTo(cluster, store?.id)
  const isAsked = asksStore(cluster.mode, store)
  const place = narrow.matches ? fromTop(nodes.length) : fromLeft(nodes.length)
  const svg = shape('svg', { viewBox: `0 0 ${place.width} ${place.height}`, role: 'img' })
  const seen = nodes.map((node) => sample?.nodes.find(({ id }) => id === node.id))
  /** Nothing is drawn to flow where nobody counts. */
  const rateOf = (index) => seen[index]?.answeredPerS ?? 0
  const figure = (value) => (value === null || value === undefined ? '–' : String(Math.round(value)))
  const total = nodes.reduce((sum, _node, index) => sum + rateOf(index), 0)
  const says = [`The cluster in mode ${cluster.mode}.`]

  svg.append(...line(place.clients, place.proxy, total))
  nodes.forEach((node, index) => {
    svg.append(...line(place.proxy, place.node(index), rateOf(index)))
    const way = ways?.find(({ from }) => from === node.id)
    const trouble = way ? troubleOf(way.condition) : 'whole'
    if (isAsked) svg.append(...line(place.node(index), place.store, rateOf(index), trouble))
  })
  svg.append(
    box(place.clients, 'ready', [
      'clients',
      load.ratePerS > 0 ? `${load.ratePerS} requests/s` : 'no load',
      people.count > 0 ? `${people.in} of ${people.count} in` : '',
    ]),
  )
  if (proxy) {
    svg.append(box(place.proxy, proxy.condition, ['proxy', proxy.condition, `mode ${cluster.mode}`]))
    says.push(`The proxy is ${proxy.condition}.`)
  }
  nodes.forEach((node, index) => {
    const now = seen[index]
    const stopped = node.condition === 'stopped'
    const health = now?.health && now.health !== 'up' ? `, proxy says ${now.health}` : ''
    const lines = [
      node.id,
      node.condition + health,
      stopped ? '' : `${figure(now?.sessions)} sessions in memory`,
      stopped ? '' : `${figure(now?.answeredPerS)}/s, ${figure(now?.inFlight)} in flight`,
      pinnedTo(node.id, cluster.mode, pins, visitor),
    ]
    svg.append(box(place.node(index), node.condition, [shorten(node.id), ...lines.slice(1)]))
    says.push(`${node.id} is ${lines.slice(1).filter(Boolean).join(', ')}.`)
  })
  if (store) {
    const name = store.kind === 'redis' ? 'Redis' : 'store'
    const used = isAsked ? 'asked' : 'not asked'
    const wrong = wayWords(ways)
    svg.append(box(place.store, store.condition, [name, store.condition, used, wrong]))
    says.push(`${name} is ${[store.condition, wrong].filter(Boolean).join(', ')}, in this mode ${used}.`)
  }
  svg.setAttribute('aria-label', says.join(' '))
  byId('picture').replaceChildren(svg)
}

/** Who is led back to this node: people of the load, and the visitor. */
function pinnedTo(id, mode, pins, { credentials }) {
  const people = pins.find(({ node }) => node === id)?.people ?? 0
  const mine = credentials.find((one) => one.ended === null && one.mode === mode)
  const who = [people > 0 ? `${people} people` : '', mine?.pinnedTo === id ? 'you' : ''].filter(Boolean)
  return who.length === 0 ? '' : `${PIN} ${who.join(' and ')}`
}

let modesWithRedis = new Set()
export function tellModes(modes) {
  modesWithRedis = new Set(modes.filter(({ needsRedis }) => needsRedis).map(({ name }) => name))
}

/** Where another store takes Redis’s place, mode redis alone asks it. */
function asksStore(mode, store) {
  return store?.kind === 'redis' ? modesWithRedis.has(mode) : store !== undefined && mode === 'redis'
}

function fromLeft(count) {
  const height = Math.max(230, count * 125 + 10)
  const middle = height / 2
  const top = (height - count * 125) / 2
  return {
    width: 820,
    height,
    clients: { x: 5, y: middle - 42, width: 140, height: 84 },
    proxy: { x: 215, y: middle - 42, width: 140, height: 84 },
    node: (index) => ({ x: 425, y: top + index * 125 + 5, width: 215, height: 115 }),
    store: { x: 690, y: middle - 52, width: 125, height: 104 },
  }
}

function fromTop(count) {
  const after = 250 + count * 130
  return {
    width: 340,
    height: after + 130,
    clients: { x: 100, y: 5, width: 150, height: 84 },
    proxy: { x: 100, y: 120, width: 150, height: 84 },
    node: (index) => ({ x: 60, y: 240 + index * 130, width: 230, height: 115 }),
    store: { x: 100, y: after + 20, width: 150, height: 104 },
  }
}

/** @param trouble `broken` and `slow` ways look so; nothing flows through a broken one. */
function line(from, to, perS, trouble = 'whole') {
  const [x1, y1] = [from.x + from.width / 2, from.y + from.height / 2]
  const [x2, y2] = [to.x + to.width / 2, to.y + to.height / 2]
  const wire = shape('line', { x1, y1, x2, y2, class: trouble })
  if (perS < 0.5 || trouble === 'broken') return [wire]
  return [wire, shape('line', { x1, y1, x2, y2, class: perS > 60 ? 'flow fast' : 'flow' })]
}

/** As much of an id as the box has room for; both ends tell most. */
function shorten(id) {
  return id.length <= NAME_MAX ? id : `${id.slice(0, 10)}…${id.slice(-(NAME_MAX - 11))}`
}

function box({ x, y, width, height }, condition, lines) {
  const group = shape('g')
  group.append(shape('rect', { x, y, width, height, rx: 9, class: condition }))
  lines
    .filter((text) => text !== '')
    .forEach((text, index) => {
      const at = { x: x + 12, y: y + 24 + index * 20, class: index === 0 ? 'name' : 'small' }
      group.append(shape('text', at, text))
    })
  return group
}

import { ask, whenPressed } from './api.js'
import { byId, element, setText } from './element.js'

const GROUPS = [
  [
    'What you can do',
    [
      ['login', 'Log in'],
      ['ask', 'Ask who I am'],
      ['logout', 'Log out'],
      ['logout-all', 'Log out everywhere'],
      ['password', 'Change password'],
    ],
  ],
  [
    'What can be done to you',
    [
      ['ban', 'Ban me'],
      ['unban', 'Lift the ban'],
      ['demote', 'Demote me'],
      ['promote', 'Promote me'],
    ],
  ],
  [
    'Making a login last',
    [
      ['renew-by-pair', 'Refresh tokens from now on'],
      ['refresh-twice', 'Refresh in two tabs at once'],
    ],
  ],
]
const WORDS = { in: 'lets it in', out: 'turns it away', dead: 'is down', unclear: 'does not say' }
const cards = new Map()

export function createYou(about) {
  setText(byId('you-user'), about.userId)
  for (const [title, buttons] of GROUPS) {
    const group = element('div', { class: 'row group', role: 'group', 'aria-label': title })
    group.append(element('span', { 'aria-hidden': true }, title))
    for (const [action, label] of buttons) {
      const button = element('button', { type: 'button', id: `you-${action}` }, label)
      if (action === 'login') button.className = 'primary'
      whenPressed(button, byId('you-said'), () => ask('POST', `/dashboard/visitor/${action}`))
      group.append(button)
    }
    byId('you-buttons').append(group)
  }
}

export function showYou({ visitor, nowMs, cluster }) {
  const { credentials, asks } = visitor
  const live = credentials.some(({ ended }) => ended === null)
  for (const action of ['logout', 'logout-all', 'password']) byId(`you-${action}`).disabled = !live
  byId('you-ask').disabled = credentials.length === 0
  byId('you-refresh-twice').disabled = credentials.find(({ ended }) => ended === null)?.refreshable !== true
  // Those of another login would be read as this one's.
  const asking = credentials.find(({ ended }) => ended === null) ?? credentials[0]
  const mine = asks.filter(({ credential }) => credential === asking?.id)
  byId('asks').replaceChildren(
    ...mine.map(({ status, node, reason }) =>
      element(
        'span',
        { class: `tag ${status === 200 ? 'in' : status === 401 ? 'out' : 'unclear'}` },
        `login ${asking.id} at ${node || 'nobody'}: ${status || 'no answer'}${reason ? ` ${reason}` : ''}`,
      ),
    ),
  )
  for (const [id, card] of cards) {
    if (credentials.some((credential) => credential.id === id)) continue
    card.node.remove()
    cards.delete(id)
  }
  for (const credential of credentials.toReversed()) {
    if (!cards.has(credential.id)) {
      cards.set(credential.id, createCard(credential))
      byId('credentials').prepend(cards.get(credential.id).node)
    }
    updateCard(cards.get(credential.id), credential, nowMs, cluster.mode)
  }
}

function createCard({ id, kind, mode, node, raw, decoded }) {
  const what = element('h3', {}, `Login ${id}: a ${kind}, mode ${mode}, answered by ${node}`)
  const state = element('p', { class: 'quiet' })
  const body = element('tbody')
  const caption = element('caption', { class: 'quiet' }, 'Each node’s answer to it right now')
  const shown = element('details', {}, element('summary', {}, `The ${kind} itself`))
  shown.append(element('pre', {}, raw))
  for (const part of decoded) shown.append(element('pre', {}, JSON.stringify(part, null, 2)))
  const card = element('article', { class: 'credential', 'data-login': id }, what, state)
  card.append(element('table', {}, caption, body), shown)
  return { node: card, state, body, rows: new Map() }
}

function updateCard({ node, state, body, rows }, { ended, answers, mode }, nowMs, now) {
  node.classList.toggle('over', ended !== null)
  // Nobody takes it in this mode, which says nothing of it.
  node.classList.toggle('elsewhere', mode !== now)
  const other = mode === now ? '' : ` It belongs to mode ${mode}; the cluster is in mode ${now}.`
  const over =
    ended &&
    `Ended by ${ended.how} ${seconds(nowMs - ended.atMs)} ago. Takes hold: ${spoken(ended.declared)}.`
  setText(state, (over ?? 'Nobody has ended it.') + other)
  for (const [id, { row }] of rows) {
    if (answers.some((answer) => answer.node === id)) continue
    row.remove()
    rows.delete(id)
  }
  for (const answer of answers) {
    if (!rows.has(answer.node)) {
      const tag = element('span', { class: 'tag' })
      const detail = element('td')
      const name = element('th', { scope: 'row' }, answer.node)
      const row = element('tr', {}, name, element('td', {}, tag), detail)
      rows.set(answer.node, { row, tag, detail })
      body.append(row)
    }
    const { tag, detail } = rows.get(answer.node)
    setText(tag, WORDS[answer.answer])
    tag.className = `tag ${answer.answer}`
    tag.dataset.answer = answer.answer
    setText(detail, answer.detail + (ended && mode === now ? since(answer, ended) : ''))
  }
}

/** How long after its end this node still let it in. */
function since({ answer, lastInAtMs }, ended) {
  // What was asked before it ended says nothing of after.
  if (answer === 'in' && lastInAtMs <= ended.atMs) return ', asked before its end'
  if (answer === 'in') return `, ${seconds(lastInAtMs - ended.atMs)} after its end`
  if (answer !== 'out') return ''
  if (lastInAtMs === null || lastInAtMs <= ended.atMs) return ', not seen to let it in since'
  return `, last seen to let it in ${seconds(lastInAtMs - ended.atMs)} after its end`
}

const SPOKEN = {
  always: 'at once',
  'at-once': 'at once',
  'while-store-lives': 'at once',
  'while-node-lives': 'at once, while the node lives',
  'by-chance': 'by chance, at the nodes that hear of it',
  'within-bound': 'within the mode’s bound',
  'after-replication': 'once the nodes have told each other',
  'at-expiry': 'when the credential expires',
}

function spoken(declared) {
  return (
    SPOKEN[declared] ??
    declared
      .replace(/^within;ms=(\d+)/, 'within $1 ms')
      .replace(/^at-expiry;s=(\d+)/, 'when it expires, $1 s at most after the login')
  )
}

function seconds(ms) {
  return `${Math.max(0, ms / 1000).toFixed(0)} s`
}

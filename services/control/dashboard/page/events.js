import { byId, element } from './element.js'

const SHOWN_MAX = 30

/** Puts new events on top. */
export function addEvents(events) {
  const list = byId('events')
  for (const { atMs, source, text } of events) {
    const at = new Date(atMs)
    const time = element('time', { datetime: at.toISOString() }, at.toLocaleTimeString('en-GB'))
    list.prepend(element('li', {}, time, element('b', {}, `${source} `), text))
  }
  while (list.children.length > SHOWN_MAX) list.lastElementChild.remove()
}

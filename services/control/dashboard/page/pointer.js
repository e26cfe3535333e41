import { byId } from './element.js'

const calm = matchMedia('(prefers-reduced-motion: reduce)')
let pointed
let ofStep

byId('tour-go').addEventListener('click', () => {
  const wanted = pointed && byId(pointed)
  if (!wanted) return
  bringIntoView(wanted)
  const inside = wanted.querySelector('select, button:enabled')
  ;(wanted.matches('button') ? wanted : (inside ?? wanted)).focus({ preventScroll: true })
})

/**
 * Marks what the present step of a tour is about, and brings it into view when the step begins. Who works by keyboard and
 * has just done the step before finds the focus at the bar again.
 */
export function pointAt(id, step) {
  const begins = step !== ofStep && step !== undefined
  const before = pointed && byId(pointed)
  for (const marked of document.querySelectorAll('.pointed')) {
    if (marked.id !== id) marked.classList.remove('pointed')
  }
  const wanted = id === undefined ? null : byId(id)
  wanted?.classList.add('pointed')
  pointed = id
  ofStep = step
  if (!begins) return
  if (before?.contains(document.activeElement) && document.activeElement.matches(':focus-visible')) {
    focusBar()
  }
  if (wanted && !isInView(wanted)) bringIntoView(wanted)
}

/** The first of the bar's buttons that is there. */
export function focusBar() {
  const first = ['tour-next', 'tour-go', 'tour-leave'].map(byId).find(({ hidden }) => !hidden)
  first.focus({ preventScroll: true })
}

function isInView(wanted) {
  const { top, bottom } = wanted.getBoundingClientRect()
  return top >= 0 && Math.min(bottom, top + 200) <= byId('tour').getBoundingClientRect().top
}

function bringIntoView(wanted) {
  const tall = wanted.getBoundingClientRect().height > innerHeight / 2
  wanted.scrollIntoView({ block: tall ? 'start' : 'center', behavior: calm.matches ? 'auto' : 'smooth' })
}

import type { Metric } from './result.ts'

/**
 * The least share of the time for which the event loop of the node that is called saturated must be busy. Nodes that had
 * no rest were busy for 0.93 to 1; one that waits (for a far store, for a generator with few connections) pays for each
 * wake-up, and what a request costs it then is no cost of a saturated node.
 */
export const SATURATED_FROM = 0.85

/** How busy the node was, of 1, where that is too little for `saturated`; undefined: it was, or nobody knows. */
export function restedShare(metrics: readonly Metric[]): number | undefined {
  const busy = metrics.find(({ name, point }) => name === 'nodeBusyShare' && point === 'saturated')?.value
  return typeof busy === 'number' && busy < SATURATED_FROM ? busy : undefined
}

import { drawNode } from '../draw-node.ts'
import type { Fault } from '../fault.ts'
import { injected } from '../injected.ts'

/** More than a login lives. */
const SKEW_MS = 600_000

/** One node’s clock is wrong by ten minutes, fast or slow by chance; healing sets it right. */
export const skewClock: Fault = {
  name: 'skew-clock',
  summary: 'one node’s clock is ten minutes fast or slow',
  hits: 'nodes',
  forMs: 2_500,
  takesMs: 0,
  needs: ['movable-clocks'],
  async inject(cluster, chance) {
    const { id } = drawNode(cluster, chance, 'skew-clock')
    const isFast = chance() < 0.5
    await cluster.setClock(id, isFast ? SKEW_MS : -SKEW_MS)
    const detail = `ten minutes ${isFast ? 'fast' : 'slow'}`
    return injected({ part: id, detail }, () => cluster.setClock(id, 0))
  },
}

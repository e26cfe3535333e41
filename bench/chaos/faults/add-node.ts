import { monotonicUs } from '#contract/clock.ts'
import type { Fault } from '../fault.ts'
import { injected } from '../injected.ts'

/**
 * The cluster grows under load: a further node is started, joins the others and takes traffic, which the proxy gives it
 * slowly for ten seconds. Healing drains it and takes it out for good. No failure: what does it cost those who were there?
 */
export const addNode: Fault = {
  name: 'add-node',
  summary: 'a further node joins, empty; healed by draining it and taking it out again',
  hits: 'size',
  forMs: 4_000,
  takesMs: 2_000,
  needs: [],
  async inject(cluster) {
    const node = await cluster.addNode()
    return injected({ part: node, joined: { node, atUs: monotonicUs() } }, async () => {
      await cluster.drain(node)
      await cluster.removeNode(node)
    })
  },
}

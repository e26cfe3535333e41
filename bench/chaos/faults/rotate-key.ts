import type { Fault } from '../fault.ts'
import { injected } from '../injected.ts'

/** Every node signs with a new key from now on and goes on accepting the former: nobody should notice. Nothing to heal. */
export const rotateKey: Fault = {
  name: 'rotate-key',
  summary: 'a new signing key at every node, the former one still accepted',
  hits: 'keys',
  forMs: null,
  takesMs: 500,
  needs: [],
  async inject(cluster) {
    await cluster.rotateKeys(false)
    return injected({ part: 'signing key' }, async () => {})
  },
}

import { labUserId } from '#contract/lab.ts'
import { drawNode } from '../draw-node.ts'
import type { Fault } from '../fault.ts'
import { forgeAdmin } from '../forge-admin.ts'
import { injected } from '../injected.ts'

/**
 * Somebody has the signing key and makes themselves an admin. Healing rotates the key and refuses everything that was
 * signed before: the forger, and every honest login with them.
 */
export const leakedKey: Fault = {
  name: 'leaked-key',
  summary:
    'an admin’s token is forged with the signing key; healed by rotating it, which voids honest logins too',
  hits: 'keys',
  forMs: 2_500,
  takesMs: 0,
  needs: [],
  voidsLogins: true,
  async inject(cluster, chance) {
    const { id } = drawNode(cluster, chance, 'leaked-key')
    const [own] = await cluster.seed(id, { userIds: [labUserId(0)] })
    if (own === undefined) throw new Error('leaked-key: no login to forge from')
    const forged = forgeAdmin(own, await cluster.signingKey())
    return injected({ part: 'signing key', forged }, () => cluster.rotateKeys(true))
  },
}

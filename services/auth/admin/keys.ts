import type { FastifyInstance } from 'fastify'
import type { KeysAnswer } from '#contract/control.ts'
import { ADMIN_ROUTES } from '#contract/routes.ts'
import type { LiveKeyRing } from '../live-key-ring.ts'

/** `PUT /keys`: reads the key ring's file again; answers the keys in use once every mode uses them. No key travels. */
export function keysRoute(app: FastifyInstance, ring: LiveKeyRing): void {
  app.put(ADMIN_ROUTES.keys, async (): Promise<KeysAnswer> => {
    const { signing } = await ring.reread()
    return {
      algorithm: signing.algorithm,
      currentKid: signing.currentKid,
      kids: signing.keys.map(({ kid }) => kid),
    }
  })
}

import { createAuthClient } from '#services/shop/auth-client.ts'
import { KeySet } from '#services/shop/key-set.ts'
import { createShopApp } from '#services/shop/shop-app.ts'
import { ShopSessions } from '#services/shop/shop-sessions.ts'
import { freePort } from '../../../cluster/free-port.ts'
import { freshKeyRing } from '../auth/keys.ts'
import { type TestNode, testNode } from '../auth/test-node.ts'

export const SHOP_SECRET = 'shop-secret-0123456789'

/** A node and a shop that asks it, in this process. */
export interface ShopLab extends AsyncDisposable {
  readonly node: TestNode
  readonly shopUrl: string
  /** From now on the shop finds nobody where the node was. */
  loseAuth(): Promise<void>
}

export async function shopLab(settings: Record<string, string>, algorithm: 'HS256' | 'ES256' = 'ES256') {
  const port = await freePort()
  const shopUrl = `http://127.0.0.1:${port}`
  const shop = { STILLIN_SHOP_ORIGIN: shopUrl, STILLIN_SHOP_SECRET: SHOP_SECRET }
  const node = await testNode({ ...shop, ...settings }, freshKeyRing(algorithm))
  const auth = createAuthClient({ authUrl: node.url, secret: SHOP_SECRET })
  const keys = new KeySet(auth.fetchKeys, 300, () => performance.now())
  const app = createShopApp({ auth, keys, sessions: new ShopSessions(Date.now), now: Date.now })
  await app.listen({ host: '127.0.0.1', port })
  let lost = false
  const loseAuth = async () => {
    if (!lost) await node[Symbol.asyncDispose]()
    lost = true
  }
  return {
    node,
    shopUrl,
    loseAuth,
    [Symbol.asyncDispose]: async () => {
      await app.close()
      await loseAuth()
    },
  } satisfies ShopLab
}

import type { ShopEnvironment } from '#contract/environment.ts'
import { type AddressPlan, localUrl } from './address-plan.ts'
import { startChild } from './child.ts'
import type { ClusterOptions } from './cluster.ts'
import { entryPoint } from './entry-point.ts'
import { createManagedPart, type ManagedPart } from './managed-part.ts'
import type { EnvironmentOf, SharedSettings } from './part-environment.ts'

const SHOP_ID = 'shop'

/** The second service, where one was asked for; not started. It reaches the nodes as clients do, through the proxy. */
export function createShopPart(
  options: ClusterOptions,
  { shopSecret }: SharedSettings,
  { shopPort, proxy }: AddressPlan,
  onChange: () => void,
): ManagedPart | undefined {
  if (shopPort === undefined) return undefined
  const env: EnvironmentOf<ShopEnvironment> = {
    STILLIN_PORT: String(shopPort),
    STILLIN_AUTH_URL: localUrl(proxy.port),
    STILLIN_SHOP_SECRET: shopSecret,
    STILLIN_LIFETIME_S: options.lifetimeS === undefined ? undefined : String(options.lifetimeS),
  }
  return createManagedPart({
    id: SHOP_ID,
    kind: 'shop',
    url: localUrl(shopPort),
    adminUrl: undefined,
    onEvent: options.onEvent ?? (() => {}),
    onChange,
    spawn: (signal) =>
      startChild({ entry: entryPoint('services/shop/main'), name: SHOP_ID, env: { ...env }, signal }),
  })
}

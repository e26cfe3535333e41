import { provideStore } from '#cluster/stores/provide-store.ts'
import type { StoreServer } from '#cluster/stores/store-server.ts'
import type { StoreInstead } from '#contract/stores.ts'

/** A central store of a test's own that is not Redis; or why there is none, in words, where it cannot be had here. */
export async function storePlace(name: StoreInstead['name']): Promise<StoreServer | string> {
  let why = ''
  const server = await provideStore(name, {
    onMissing: ({ reasons, hint }) => {
      why = `no ${name} here (${reasons.join('; ')}). ${hint}`
    },
  })
  return server ?? why
}

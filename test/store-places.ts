import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StoreInstead } from '#contract/stores.ts'

/** A central store of a test's own that is not Redis, and how it is removed. */
export type StorePlace = { readonly store: StoreInstead } & AsyncDisposable

/** @returns why there is none, in words, where the store cannot be had here. */
export async function storePlace(name: StoreInstead['name']): Promise<StorePlace | string> {
  if (name !== 'file' && name !== 'sqlite') return `${name} is not provided yet`
  const folder = mkdtempSync(join(tmpdir(), 'stillin-store-'))
  return {
    store: { name, url: name === 'file' ? join(folder, 'sessions') : join(folder, 'sessions.sqlite') },
    [Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true, force: true }),
  }
}

import type { CentralStore } from '#bench/experiment/lab/central-store.ts'
import { isBehindTls } from '#cluster/links.ts'

/**
 * Do the links of a cluster to play with run through relays? Unless told otherwise, yes: whoever wants to slow Redis has
 * then nothing to start anew. Behind TLS they cannot, which is noted unless it was asked for (and then refused later).
 */
export function areLinksRelayed(
  wanted: boolean | undefined,
  central: Pick<CentralStore, 'redis' | 'store'>,
  note: (text: string) => void,
): boolean {
  if (wanted !== undefined) return wanted
  if (!isBehindTls(central)) return true
  note('The store is reached over TLS, so links run without relays and cannot be slowed or cut.')
  return false
}

import { lookup } from 'node:dns/promises'
import { addressedId, atAddress, isAddressedId } from '#contract/addressed-id.ts'
import type { NamedPart } from './parts-setting.ts'

/** Every address of a name, IPv4; rejects when it has none. */
export type Lookup = (name: string) => Promise<readonly string[]>

const systemLookup: Lookup = async (name) =>
  (await lookup(name, { all: true, family: 4 })).map(({ address }) => address)

/**
 * Who is in the cluster now: a part whose id ends with a star becomes one for each address of its name, so that nodes
 * come and go with the containers. A name that nobody knows stands for none.
 */
export async function findParts(
  named: readonly NamedPart[],
  resolve: Lookup = systemLookup,
): Promise<readonly NamedPart[]> {
  const found = await Promise.all(
    named.map(async (part) => {
      if (!isAddressedId(part.id)) return [part]
      const addresses = await resolve(new URL(part.url).hostname).catch(() => [])
      return [...new Set(addresses)].sort().map((address) => ({
        ...part,
        id: addressedId(part.id, address),
        url: atAddress(part.url, address),
        adminUrl: atAddress(part.adminUrl, address),
      }))
    }),
  )
  return found.flat()
}

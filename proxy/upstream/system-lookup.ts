import { lookup } from 'node:dns/promises'

/**
 * Every address of a name, as this system resolves names (hosts file included). IPv4 where there is any: the second
 * family of one server must not count as a second server.
 */
export async function systemLookup(name: string): Promise<readonly string[]> {
  const found = await lookup(name, { all: true })
  const four = found.filter(({ family }) => family === 4)
  return (four.length > 0 ? four : found).map(({ address }) => address)
}

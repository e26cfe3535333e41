import { lookup } from 'node:dns/promises'
import { addressedId, addressOfId, atAddress } from '#contract/addressed-id.ts'
import type { Peer } from './peer-link.ts'

/** Who the other nodes are. */
export interface PeerDirectory {
  /** Those that are known without asking. */
  readonly known: readonly Peer[]
  /** Those that are there now. Rejects when that cannot be found out. */
  find(): Promise<readonly Peer[]>
  /** A node that speaks before it was found; undefined where it is none of ours. */
  named(id: string): Peer | undefined
  /** Takes over who the other nodes are from now on. Absent where a name says it. */
  replace?(peers: readonly Peer[]): void
}

/** These nodes, until somebody says otherwise. */
export function listedPeers(listed: readonly Peer[]): PeerDirectory {
  let peers = listed
  return {
    get known() {
      return peers
    },
    find: async () => peers,
    named: (id) => peers.find((peer) => peer.id === id),
    replace: (next) => {
      peers = next
    },
  }
}

/** Every address of a name. */
export type Lookup = (name: string) => Promise<readonly string[]>

const systemLookup: Lookup = async (name) =>
  (await lookup(name, { all: true, family: 4 })).map(({ address }) => address)

/**
 * Whoever a DNS name resolves to at the time, this node left out.
 * @param pattern an id that ends with a star, see contract/addressed-id.ts; `url` a private listener under the name.
 */
export function peersByName(
  pattern: string,
  url: string,
  nodeId: string,
  resolve: Lookup = systemLookup,
): PeerDirectory {
  const peerAt = (address: string): Peer => ({
    id: addressedId(pattern, address),
    adminUrl: atAddress(url, address),
  })
  const isOther = ({ id }: Peer): boolean => id !== nodeId
  return {
    known: [],
    find: async () => (await resolve(new URL(url).hostname)).map(peerAt).filter(isOther),
    named(id) {
      const address = addressOfId(pattern, id)
      return address === undefined || id === nodeId ? undefined : peerAt(address)
    },
  }
}

import { isAddressedId } from '#contract/addressed-id.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import { listedPeers, type PeerDirectory, peersByName } from './sessions/replication/peer-directory.ts'
import type { Peer } from './sessions/replication/peer-link.ts'

const PEER = /^([A-Za-z0-9][A-Za-z0-9-]{0,62}(?:(?<=-)\*)?)=(https?:\/\/[^\s,]+)$/

/**
 * Reads STILLIN_PEERS: `node-2=http://127.0.0.1:20002,…` (private listeners), `node-*=http://auth:3001` (every address
 * of a name), or `none`. This node may be among them.
 * @returns undefined when it is not set: nobody knows whether there are others.
 * @throws StillinError (usage)
 */
export function readPeers(list: string | undefined, nodeId: string): PeerDirectory | undefined {
  if (list === undefined) return undefined
  if (list === 'none') return listedPeers([])
  const peers = list.split(',').map((text): Peer => {
    const [, id, url] = PEER.exec(text.trim()) ?? []
    if (id !== undefined && url !== undefined && URL.canParse(url))
      return { id, adminUrl: url.replace(/\/$/, '') }
    throw refuse(`separated by commas; got "${text}"`)
  })
  const [first] = peers
  if (first === undefined || !peers.some(({ id }) => isAddressedId(id)))
    return listedPeers(peers.filter(({ id }) => id !== nodeId))
  if (peers.length > 1) throw refuse('or a single node-*=http://name:port')
  return peersByName(first.id, first.adminUrl, nodeId)
}

function refuse(rest: string): StillinError {
  return new StillinError(
    `STILLIN_PEERS: expected none, or nodes as node-2=http://127.0.0.1:20002, ${rest}`,
    { exitCode: EXIT.usage },
  )
}

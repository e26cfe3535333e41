import { EXIT, StillinError } from '#contract/errors.ts'
import type { Peer } from './sessions/replication/peer-link.ts'

const PEER = /^([A-Za-z0-9][A-Za-z0-9-]{0,62})=(https?:\/\/[^\s,]+)$/

/**
 * Reads STILLIN_PEERS: `node-2=http://127.0.0.1:20002,…` (private listeners), or `none`. This node may be among them.
 * @returns undefined when it is not set: nobody knows whether there are others.
 * @throws StillinError (usage)
 */
export function readPeers(list: string | undefined, nodeId: string): readonly Peer[] | undefined {
  if (list === undefined) return undefined
  if (list === 'none') return []
  const peers = list.split(',').map((text): Peer => {
    const [, id, url] = PEER.exec(text.trim()) ?? []
    if (id !== undefined && url !== undefined && URL.canParse(url))
      return { id, adminUrl: url.replace(/\/$/, '') }
    throw new StillinError(
      `STILLIN_PEERS: expected none, or nodes as node-2=http://127.0.0.1:20002, separated by commas; got "${text}"`,
      { exitCode: EXIT.usage },
    )
  })
  return peers.filter(({ id }) => id !== nodeId)
}

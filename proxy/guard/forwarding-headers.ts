import { HEADERS } from '#contract/headers.ts'

/** The peer of a connection, worked out once for all its requests. */
export interface Peer {
  readonly address: string
  /** A proxy whose word about the client is believed. */
  readonly trusted: boolean
  readonly proto: 'http' | 'https'
  /** The lines for the Host last seen on this connection: mostly the same for all. */
  host: string | undefined
  lines: readonly string[]
}

/** @param remote as the socket tells it; IPv4 mapped into IPv6 becomes plain IPv4. */
export function createPeer(remote: string | undefined, isTrusted: (address: string) => boolean): Peer {
  const address = remote?.startsWith('::ffff:') ? remote.slice(7) : (remote ?? 'unknown')
  return { address, trusted: isTrusted(address), proto: 'http', host: undefined, lines: [] }
}

function node(address: string): string {
  return address.includes(':') ? `"[${address}]"` : address
}

function quoted(host: string): string {
  return /^[A-Za-z0-9.-]+$/.test(host) ? host : `"${host}"`
}

/** X-Forwarded-For, -Proto, -Host and Forwarded (RFC 7239) for a client that is not believed. */
function ownLines(peer: Peer, host: string | undefined): readonly string[] {
  const forwarded = `for=${node(peer.address)};proto=${peer.proto}`
  const lines = ['x-forwarded-for', peer.address, 'x-forwarded-proto', peer.proto]
  if (host !== undefined) lines.push('x-forwarded-host', host)
  lines.push('forwarded', host === undefined ? forwarded : `${forwarded};host=${quoted(host)}`)
  return lines
}

/**
 * Appends the forwarding fields to a request on its way out.
 * @returns the request's id.
 * @param claimed what the client sent in such fields (names in lower case and values by turns); used for a trusted peer only.
 */
export function appendForwarding(
  out: string[],
  peer: Peer,
  host: string | undefined,
  claimed: readonly string[] | undefined,
  newRequestId: () => string,
): string {
  if (peer.host !== host || peer.lines.length === 0) {
    peer.host = host
    peer.lines = ownLines(peer, host)
  }
  if (!peer.trusted || claimed === undefined) {
    for (const part of peer.lines) out.push(part)
    const requestId = newRequestId()
    out.push(HEADERS.requestId, requestId)
    return requestId
  }
  return appendTrusted(out, peer, claimed, newRequestId)
}

/** A trusted proxy's account is kept and continued by one hop. */
function appendTrusted(
  out: string[],
  peer: Peer,
  claimed: readonly string[],
  newRequestId: () => string,
): string {
  const said = new Map<string, string>()
  for (let i = 0; i + 1 < claimed.length; i += 2) {
    const name = claimed[i] ?? ''
    const before = said.get(name)
    said.set(name, before === undefined ? (claimed[i + 1] ?? '') : `${before}, ${claimed[i + 1]}`)
  }
  for (let i = 0; i + 1 < peer.lines.length; i += 2) {
    const name = peer.lines[i] ?? ''
    const own = peer.lines[i + 1] ?? ''
    const before = said.get(name)
    said.delete(name)
    const isList = name === 'x-forwarded-for' || name === 'forwarded'
    out.push(name, before === undefined ? own : isList ? `${before}, ${own}` : before)
  }
  const id = said.get(HEADERS.requestId)
  said.delete(HEADERS.requestId)
  const requestId = id !== undefined && /^[\w.:-]{1,128}$/.test(id) ? id : newRequestId()
  out.push(HEADERS.requestId, requestId)
  for (const [name, value] of said) out.push(name, value)
  return requestId
}

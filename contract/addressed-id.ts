import { EXIT, StillinError } from './errors.ts'

/**
 * Ids of parts that are known by one DNS name: `node-*` at 172.18.0.4 is `node-172-18-0-4`. The proxy, control and the
 * nodes themselves each come to the same id without asking one another, however many a service is scaled to.
 */
export function isAddressedId(pattern: string): boolean {
  return pattern.endsWith('-*')
}

/** The id of the part at this address. */
export function addressedId(pattern: string, address: string): string {
  return `${pattern.slice(0, -1)}${address.replace(/[^0-9a-f]+/gi, '-')}`
}

/** The IPv4 address that such an id names; undefined where it was not made from the pattern. */
export function addressOfId(pattern: string, id: string): string | undefined {
  const prefix = pattern.slice(0, -1)
  if (!id.startsWith(prefix) || !/^\d{1,3}(-\d{1,3}){3}$/.test(id.slice(prefix.length))) return undefined
  return id.slice(prefix.length).replaceAll('-', '.')
}

/** `http://auth:3000` at 172.18.0.4 → `http://172.18.0.4:3000`, without a slash at the end of a bare origin. */
export function atAddress(url: string, address: string): string {
  const changed = new URL(url)
  changed.hostname = address.includes(':') ? `[${address}]` : address
  return changed.href.replace(/\/$/, '')
}

/**
 * The address by which the others know this part: the one of its own that the name resolves to.
 * @throws StillinError where the name leads to none of them.
 */
export function ownAddress(resolved: readonly string[], own: readonly string[], name: string): string {
  const shared = resolved.find((address) => own.includes(address))
  if (shared !== undefined) return shared
  throw new StillinError(
    `${name} resolves to ${resolved.join(', ')}, none of which is an address of this node`,
    {
      exitCode: EXIT.unavailable,
      hint: `It has ${own.join(', ')}. Give it the name in the network that the proxy shares.`,
    },
  )
}

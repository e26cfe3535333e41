import { isIP } from 'node:net'
import { addressedId, isAddressedId } from '#contract/addressed-id.ts'

/** An upstream as it was configured. */
export interface NamedUpstream {
  readonly id: string
  readonly url: URL
  readonly weight?: number
}

/** Every address of a name; rejects when it has none or nobody answers. */
export type Lookup = (name: string) => Promise<readonly string[]>

/**
 * Turns upstreams that are given by a DNS name into one for each address, and looks again every few seconds: how a
 * service that is scaled in containers is seen.
 *
 *   web=http://web:3000 ─▶ web        10.0.0.5   (the first address seen keeps the plain id, so that its pins stay)
 *                          web-10-0-0-6  10.0.0.6
 *   web-*=http://web:3000 ─▶ web-10-0-0-5, web-10-0-0-6   (every id says its address, as the nodes call themselves)
 *
 * A name that cannot be resolved (any more) keeps the addresses it had; one that never could is passed on as it is
 * (with a star in its id: not at all, for nobody knows how it will be called).
 * `localhost` and addresses are left alone.
 */
export class UpstreamNames {
  readonly #lookup: Lookup
  readonly #replace: (list: readonly NamedUpstream[]) => void
  readonly #timer: NodeJS.Timeout
  #configured: readonly NamedUpstream[] = []
  /** By name, in the order of their first appearance. */
  readonly #addresses = new Map<string, readonly string[]>()
  /** By configured id: the address that bears it. */
  readonly #plain = new Map<string, string>()
  #round = 0
  #resolving = false

  /** @param replace given the whole list whenever it changes. */
  constructor(lookup: Lookup, everyMs: number, replace: (list: readonly NamedUpstream[]) => void) {
    this.#lookup = lookup
    this.#replace = replace
    this.#timer = setInterval(() => void this.refresh(), everyMs)
    this.#timer.unref()
  }

  /** Takes over a new list: at once with what is known, and again when its names are resolved. */
  async set(list: readonly NamedUpstream[]): Promise<void> {
    this.#configured = list
    this.#round += 1
    const names = new Set(list.map(nameOf))
    for (const name of this.#addresses.keys()) if (!names.has(name)) this.#addresses.delete(name)
    const ids = new Set(list.map(({ id }) => id))
    for (const id of this.#plain.keys()) if (!ids.has(id)) this.#plain.delete(id)
    this.#replace(this.#expanded())
    this.#resolving = false
    await this.refresh()
  }

  /** Resolves every name once; resolves when the list is up to date. Never rejects. */
  async refresh(): Promise<void> {
    const names = [...new Set(this.#configured.map(nameOf))].filter(isResolved)
    if (names.length === 0 || this.#resolving) return
    this.#resolving = true
    const round = this.#round
    const found = await Promise.all(names.map(async (name) => [name, await this.#ask(name)] as const))
    // Another list came meanwhile, and is being resolved itself.
    if (round !== this.#round) return
    this.#resolving = false
    let changed = false
    for (const [name, addresses] of found) {
      if (addresses.length === 0) continue
      const before = this.#addresses.get(name) ?? []
      const kept = before.filter((address) => addresses.includes(address))
      const now = [...kept, ...addresses.filter((address) => !kept.includes(address))]
      changed ||= now.join() !== before.join()
      this.#addresses.set(name, now)
    }
    if (changed) this.#replace(this.#expanded())
  }

  close(): void {
    clearInterval(this.#timer)
    this.#round += 1
  }

  async #ask(name: string): Promise<readonly string[]> {
    try {
      return [...new Set(await this.#lookup(name))].sort()
    } catch {
      return []
    }
  }

  #expanded(): readonly NamedUpstream[] {
    return this.#configured.flatMap((upstream) => {
      const name = nameOf(upstream)
      const addressed = isAddressedId(upstream.id)
      const addresses = addressed && isIP(name) !== 0 ? [name] : this.#addresses.get(name)
      if (!addresses) return addressed ? [] : [upstream]
      const bearer = this.#plain.get(upstream.id)
      // The plain id moves on only when its address is the only one: a container that came back somewhere else.
      if (bearer === undefined || (!addresses.includes(bearer) && addresses.length === 1))
        this.#plain.set(upstream.id, addresses[0] ?? '')
      return addresses.map((address) =>
        atAddress(upstream, address, this.#plain.get(upstream.id) === address),
      )
    })
  }
}

function atAddress(upstream: NamedUpstream, address: string, isPlain: boolean): NamedUpstream {
  const url = new URL(upstream.url)
  url.hostname = isIP(address) === 6 ? `[${address}]` : address
  const { id } = upstream
  if (isAddressedId(id)) return { ...upstream, id: addressedId(id, address), url }
  return { ...upstream, id: isPlain ? id : addressedId(`${id}-*`, address), url }
}

function nameOf({ url }: NamedUpstream): string {
  return url.hostname.replace(/^\[|\]$/g, '')
}

/** `localhost` means this host by whichever family listens, not two servers. */
function isResolved(name: string): boolean {
  return isIP(name) === 0 && name !== 'localhost' && !name.endsWith('.localhost')
}

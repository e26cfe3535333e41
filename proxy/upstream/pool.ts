import type { ProxyEvent } from '#contract/proxy-admin.ts'
import { Upstream } from './upstream.ts'

export interface PoolListener {
  event(kind: ProxyEvent['kind'], upstream?: string, detail?: string): void
  added(upstream: Upstream): void
  removed(upstream: Upstream): void
}

/**
 * The upstreams and who of them takes traffic. `available` is worked out when something changes, not at every request.
 * Fails open: when nobody is healthy, everybody is available.
 */
export class Pool {
  #members: readonly Upstream[] = []
  #byId: ReadonlyMap<string, Upstream> = new Map()
  #available: readonly Upstream[] = []
  #failOpen = false
  readonly #listener: PoolListener

  constructor(listener: PoolListener) {
    this.#listener = listener
  }

  get members(): readonly Upstream[] {
    return this.#members
  }
  /** Who takes new (unpinned) traffic. Empty only when there is no upstream at all. */
  get available(): readonly Upstream[] {
    return this.#available
  }
  byId(id: string): Upstream | undefined {
    return this.#byId.get(id)
  }

  /** Replaces the list. An upstream whose id and URL stay keeps its state and its connections. */
  replace(list: readonly { id: string; url: URL; weight?: number }[]): void {
    const before = this.#members
    this.#members = list.map(({ id, url, weight = 1 }) => {
      const known = this.#byId.get(id)
      return known?.url === url.origin && known.weight === weight
        ? known
        : new Upstream(id, url, weight, before.length > 0)
    })
    this.#byId = new Map(this.#members.map((upstream) => [upstream.id, upstream]))
    for (const gone of before) if (!this.#members.includes(gone)) this.#listener.removed(gone)
    for (const member of this.#members) if (!before.includes(member)) this.#listener.added(member)
    this.refresh()
    this.#listener.event('upstreams', undefined, this.#members.map((member) => member.id).join(','))
  }

  /** To be called after any change of an upstream's state. */
  refresh(): void {
    const healthy = this.#members.filter((upstream) => upstream.healthy)
    const fresh = healthy.filter((upstream) => !upstream.draining)
    this.#failOpen = healthy.length === 0
    this.#available = fresh.length > 0 ? fresh : this.#failOpen ? this.#members : healthy
  }

  /** May a request pinned to this upstream go there? */
  takesPins(upstream: Upstream): boolean {
    return this.#failOpen || (upstream.healthy && (!upstream.draining || upstream.keepsPins))
  }

  /** True when `upstream` is the only one left that takes traffic. */
  isLast(upstream: Upstream): boolean {
    return this.#failOpen || (this.#available.length === 1 && this.#available[0] === upstream)
  }

  note(kind: ProxyEvent['kind'], upstream: Upstream, detail?: string): void {
    this.refresh()
    this.#listener.event(kind, upstream.id, detail)
  }
}

import type { PeerDirectory } from './peer-directory.ts'
import type { Peer, PeerLink } from './peer-link.ts'

const FIND_EVERY_MS = 1_000

/** A link to each of the other nodes, while nodes come and go. */
export class PeerLinks {
  readonly #directory: PeerDirectory
  readonly #connect: (peer: Peer) => PeerLink
  readonly #links = new Map<string, PeerLink>()
  #foundAtMs = Number.NEGATIVE_INFINITY
  #finding: Promise<boolean> | undefined

  constructor(directory: PeerDirectory, connect: (peer: Peer) => PeerLink) {
    this.#directory = directory
    this.#connect = connect
    for (const peer of directory.known) this.#links.set(peer.id, connect(peer))
  }

  get all(): readonly PeerLink[] {
    return [...this.#links.values()]
  }

  get reachableFirst(): readonly PeerLink[] {
    return this.all.toSorted((a, b) => Number(b.isReachable) - Number(a.isReachable))
  }

  /** Is it one of the others, and does it not answer? */
  isAway(id: string): boolean {
    return this.#links.get(id)?.isReachable === false
  }

  /** The link to a node that has just spoken, whether it was found before or not. */
  of(id: string): PeerLink | undefined {
    const link = this.#links.get(id)
    if (link !== undefined) return link
    const peer = this.#directory.named(id)
    if (peer === undefined) return undefined
    const made = this.#connect(peer)
    this.#links.set(id, made)
    return made
  }

  /** Looks who is there, at most once a second. False: that cannot be found out now, and the links stay as they are. */
  find(): Promise<boolean> {
    if (performance.now() - this.#foundAtMs < FIND_EVERY_MS) return Promise.resolve(true)
    this.#finding ??= this.#find().finally(() => {
      this.#finding = undefined
    })
    return this.#finding
  }

  async #find(): Promise<boolean> {
    let peers: readonly Peer[]
    try {
      peers = await this.#directory.find()
    } catch {
      return false
    }
    this.#foundAtMs = performance.now()
    for (const { id } of peers) this.of(id)
    // Who still answers stays, whatever the name says.
    for (const [id, link] of this.#links)
      if (!link.isReachable && !peers.some((peer) => peer.id === id)) this.#links.delete(id)
    return true
  }
}

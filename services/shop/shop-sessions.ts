import { createHash, randomBytes } from 'node:crypto'

const ID_BYTES = 32
const SESSIONS_MAX = 10_000

/** The logins that were brought over, each by the right to ask about it; bounded, the oldest goes first. */
export class ShopSessions {
  readonly #now: () => number
  /** By the hash of their ids. */
  readonly #held = new Map<string, { grant: string; expiresAtMs: number }>()

  constructor(now: () => number) {
    this.#now = now
  }

  /** @returns the new session's id. */
  begin(grant: string, lifetimeS: number): string {
    const id = randomBytes(ID_BYTES).toString('base64url')
    this.#held.set(hash(id), { grant, expiresAtMs: this.#now() + lifetimeS * 1000 })
    if (this.#held.size > SESSIONS_MAX) {
      const oldest = this.#held.keys().next().value
      if (oldest !== undefined) this.#held.delete(oldest)
    }
    return id
  }

  grantOf(id: string): string | undefined {
    const session = this.#held.get(hash(id))
    if (session !== undefined && session.expiresAtMs > this.#now()) return session.grant
    this.end(id)
    return undefined
  }

  end(id: string): void {
    this.#held.delete(hash(id))
  }
}

function hash(id: string): string {
  return createHash('sha256').update(id).digest('base64url')
}

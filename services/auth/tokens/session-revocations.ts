import { newSessionId } from '../sessions/session-id.ts'
import type { SessionStore } from '../sessions/session-store.ts'
import type { Admitted, NewLogin, RevocableClaims, Revocations } from './revocations.ts'

/** A session behind the token: a login is revoked when its session is gone or older than its user's epoch. */
export class SessionRevocations implements Revocations {
  readonly #store: SessionStore

  constructor(store: SessionStore) {
    this.#store = store
  }

  epochOf(userId: string): Promise<number> {
    return this.#store.epochOf(userId)
  }

  async admit({ userId, role, loginAt, epoch, deadlineMs, family }: NewLogin): Promise<Admitted> {
    const sid = newSessionId('jwt-hybrid', userId, deadlineMs)
    const session = { id: sid, userId, role, loginAt, epoch, deadlineMs, ...(family && { family }) }
    return { sid, endedFamilies: await this.#store.create(session) }
  }

  async isRevoked({ sid }: RevocableClaims): Promise<boolean> {
    const session = await this.#store.read(sid)
    return session === undefined || session === 'revoked'
  }

  revokeLogin({ sid }: RevocableClaims): Promise<void> {
    return this.#store.delete(sid)
  }

  revokeUser(userId: string): Promise<void> {
    return this.#store.advanceEpoch(userId)
  }

  storeState(): Promise<'up' | 'down'> {
    return this.#store.ping()
  }

  close(): Promise<void> {
    return this.#store.close()
  }
}

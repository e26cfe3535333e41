import type { InboxMessage } from '#contract/node-admin.ts'

const MESSAGES_MAX = 10
const USERS_MAX = 1_000

/** Where the lab's e-mail and SMS end: the last ten messages a user, in the memory of the node that sent them. */
export class Inbox {
  readonly #messages = new Map<string, InboxMessage[]>()

  send(userId: string, message: InboxMessage): void {
    const earlier = this.#messages.get(userId) ?? []
    this.#messages.delete(userId)
    this.#messages.set(userId, [...earlier, message].slice(-MESSAGES_MAX))
    if (this.#messages.size <= USERS_MAX) return
    const oldest = this.#messages.keys().next().value
    if (oldest !== undefined) this.#messages.delete(oldest)
  }

  /** The newest last. */
  read(userId: string): readonly InboxMessage[] {
    return this.#messages.get(userId) ?? []
  }
}

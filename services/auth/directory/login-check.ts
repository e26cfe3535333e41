import type { User } from '../credentials/credential-strategy.ts'
import { AnswerError } from '../errors.ts'
import type { LoginThrottle } from './login-throttle.ts'
import { verifyPassword } from './password.ts'
import type { UserDirectory } from './user-directory.ts'

/** Somebody whose password was right, and the account's version it was right for. */
export interface CheckedUser extends User {
  readonly version: number
}

/** Password checks at once, waiting ones included: each takes 19 MiB while it runs, on one of four threads. */
const UNDER_WAY_MAX = 256

/** Who somebody is, by name and password. */
export class LoginCheck {
  readonly #directory: UserDirectory
  readonly #throttle: LoginThrottle
  #underWay = 0

  constructor(directory: UserDirectory, throttle: LoginThrottle) {
    this.#directory = directory
    this.#throttle = throttle
  }

  /**
   * @param address the client's, as the trusted proxy saw it.
   * @throws AnswerError invalidLogin (the same, and as late, whether the user exists or not), banned (told only to
   * who knows the password), throttled, or tooManyLogins (whoever asks: this node has enough to do).
   */
  async check(username: string, password: string, address: string): Promise<CheckedUser> {
    if (this.#underWay >= UNDER_WAY_MAX) throw new AnswerError('tooManyLogins', { retryAfterS: 1 })
    const waitS = this.#throttle.start(username, address)
    if (waitS > 0) throw new AnswerError('throttled', { retryAfterS: waitS })
    this.#underWay += 1
    let outcome: 'right' | 'wrong' | 'broken' = 'broken'
    try {
      const entry = await this.#directory.find(username)
      outcome = (await verifyPassword(entry?.passwordHash, password)) ? 'right' : 'wrong'
      if (outcome === 'wrong' || entry === undefined) throw new AnswerError('invalidLogin')
      if (entry.banned) throw new AnswerError('banned')
      return { id: entry.id, role: entry.role, version: entry.version }
    } finally {
      this.#underWay -= 1
      this.#throttle.finish(username, address, outcome)
    }
  }

  /**
   * Asks once more, right before a credential is made: a ban, a new password or a new role that came while the password
   * was checked refuses the login, in every mode.
   * @throws AnswerError banned or accountChanged.
   */
  async confirm({ id, version }: CheckedUser): Promise<void> {
    const entry = await this.#directory.find(id)
    if (entry?.banned) throw new AnswerError('banned')
    if (entry?.version !== version) throw new AnswerError('accountChanged')
  }

  /** A user by name alone. */
  async find(userId: string): Promise<CheckedUser | undefined> {
    const entry = await this.#directory.find(userId)
    return entry && { id: entry.id, role: entry.role, version: entry.version }
  }

  /** Several of them, in the order asked. */
  async findAll(userIds: readonly string[]): Promise<readonly (CheckedUser | undefined)[]> {
    const entries = await this.#directory.findAll(userIds)
    return entries.map((entry) => entry && { id: entry.id, role: entry.role, version: entry.version })
  }
}

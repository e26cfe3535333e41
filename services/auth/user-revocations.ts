import type { CredentialStrategy } from './credentials/credential-strategy.ts'
import type { RefreshTokens } from './refresh/refresh-tokens.ts'
import { within } from './sessions/within.ts'

/** What one mode knows a user's logins by. */
export interface LoginKeepers {
  readonly strategy: CredentialStrategy
  /** Absent unless the renewal is by pair. */
  readonly refresh: RefreshTokens | undefined
}
type Keeper = Pick<CredentialStrategy, 'revokeUser'>

/** Nobody who changes a password waits longer than this for a mode that does not answer now. */
const ELSEWHERE_MS = 500
/** Users that are owed to one keeper; the first ones are forgotten. */
const OWED_MAX = 1_000

/** Voids all logins of a user in several modes at once. */
export class UserRevocations {
  readonly #held: () => Promise<LoginKeepers>[]
  /** Users whose logins are not yet known to be void there. */
  readonly #owed = new Map<Keeper, Set<string>>()

  /** @param held the modes that this node has used, or is about to. */
  constructor(held: () => Promise<LoginKeepers>[]) {
    this.#held = held
  }

  /** In every mode, also where one of them cannot do it. @throws AnswerError storeUnavailable when one could not. */
  async everywhere(userId: string): Promise<void> {
    const results = await this.#inOrder(await this.#keepers(), (keeper) => keeper.revokeUser(userId))
    const failed = results.find((result) => result.status === 'rejected')
    if (failed !== undefined) throw failed.reason
  }

  /**
   * In every mode but the user's own, which answers for itself. Never rejects and never takes long: the user may end all
   * logins while a store is away that only another mode needs, for until the cluster is in that mode again nobody gets in
   * by what it keeps. What could not be done is `owed`, and done before that (`settle`).
   */
  async elsewhere(userId: string, own: LoginKeepers): Promise<'done' | 'owed'> {
    const work = async () => {
      const all = await this.#keepers()
      const others = all.map((one) =>
        one.filter((keeper) => keeper !== own.strategy && keeper !== own.refresh),
      )
      return this.#inOrder(others, (keeper) => this.#pay(keeper, userId))
    }
    const results = await within(ELSEWHERE_MS, work()).catch(() => undefined)
    return results?.every(({ status }) => status === 'fulfilled') ? 'done' : 'owed'
  }

  /**
   * Does what is owed to a mode that is about to answer. It may void a login that began since, where two modes keep a
   * user's epoch in one place: somebody logs in once more, and nobody gets in.
   * @throws AnswerError storeUnavailable
   */
  async settle({ strategy, refresh }: LoginKeepers): Promise<void> {
    for (const keeper of [refresh, strategy])
      for (const userId of (keeper && this.#owed.get(keeper)) ?? [])
        if (keeper !== undefined) await this.#pay(keeper, userId)
  }

  /** Owed until it is done, so that a switch in the meantime does it too. */
  async #pay(keeper: Keeper, userId: string): Promise<void> {
    const owed = this.#owed.get(keeper) ?? new Set()
    this.#owed.set(keeper, owed.add(userId))
    const [first] = owed
    if (owed.size > OWED_MAX && first !== undefined) owed.delete(first)
    await keeper.revokeUser(userId)
    owed.delete(userId)
  }

  /** What fetches new credentials, and the credentials. */
  async #keepers(): Promise<[Keeper[], Keeper[]]> {
    const results = await Promise.allSettled(this.#held())
    const held = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    const refreshes = new Set(held.flatMap(({ refresh }) => refresh ?? []))
    return [[...refreshes], [...new Set(held.map(({ strategy }) => strategy))]]
  }

  async #inOrder(
    keepers: readonly (readonly Keeper[])[],
    act: (keeper: Keeper) => Promise<void>,
  ): Promise<PromiseSettledResult<void>[]> {
    const results: PromiseSettledResult<void>[] = []
    for (const group of keepers) results.push(...(await Promise.allSettled(group.map(act))))
    return results
  }
}

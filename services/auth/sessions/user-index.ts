/** Which sessions are whose, in the order of login: an array a user, since most have one or two. */
export class UserIndex {
  readonly #keys = new Map<string, string[]>()

  /** How many users have a session. */
  get users(): number {
    return this.#keys.size
  }

  has(userId: string): boolean {
    return this.#keys.has(userId)
  }

  /** A copy: who walks it may remove what it finds. */
  keysOf(userId: string): string[] {
    return [...(this.#keys.get(userId) ?? [])]
  }

  add(userId: string, key: string): void {
    const own = this.#keys.get(userId)
    if (own === undefined) this.#keys.set(userId, [key])
    else own.push(key)
  }

  remove(userId: string, key: string): void {
    const own = this.#keys.get(userId)
    const place = own?.indexOf(key) ?? -1
    if (own === undefined || place < 0) return
    own.splice(place, 1)
    if (own.length === 0) this.#keys.delete(userId)
  }

  forget(userId: string): void {
    this.#keys.delete(userId)
  }

  clear(): void {
    this.#keys.clear()
  }
}

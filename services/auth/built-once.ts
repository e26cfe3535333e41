/** Builds each thing when it is first wanted, and once. What failed may succeed later: only what was built is kept. */
export class BuiltOnce<Key, Value> {
  readonly #built = new Map<Key, Promise<Value>>()

  get(key: Key, build: () => Promise<Value>): Promise<Value> {
    const known = this.#built.get(key)
    if (known !== undefined) return known
    const building = build()
    this.#built.set(key, building)
    building.catch(() => this.#built.delete(key))
    return building
  }

  /** What was built, and what is being built. */
  values(): Promise<Value>[] {
    return [...this.#built.values()]
  }
}

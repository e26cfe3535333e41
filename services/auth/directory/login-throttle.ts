import type { Clock } from '../clock.ts'

/** Failures within the window after which more tries have to wait. */
const WINDOW_MS = 60_000
/** One address on one account: what a person mistypes. Tries under way count too, so that guesses cannot run in parallel. */
const PAIR_MAX = 10
/** One address on any account: password spraying. */
const ADDRESS_MAX = 100
/** One account from addresses that never logged in to it: a guess from many places. */
const STRANGERS_MAX = 100
/** Entries a table holds; the ones least recently used are forgotten first. */
const TABLE_MAX = 10_000

interface Window {
  startedAtMs: number
  failures: number
  underWay: number
}

/**
 * Slows guessing down, per account and address, per address, and per account. An account's own limit holds for
 * addresses that have never logged in to it: whoever guesses from elsewhere cannot lock its owner out of the places
 * the owner logs in from. Kept in this node's memory: N nodes allow N times as much.
 */
export class LoginThrottle {
  readonly #clock: Clock
  readonly #pairs = new Map<string, Window>()
  readonly #addresses = new Map<string, Window>()
  readonly #strangers = new Map<string, Window>()
  readonly #known = new Map<string, true>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * Seconds to wait; 0: try now, and tell `finish` how it went. A try that is refused costs nothing and so leaves nothing:
   * otherwise an address that has to wait could ask for names until every other window is forgotten.
   */
  start(account: string, address: string): number {
    const key = pairKey(account, address)
    const waitS =
      this.#waitS(this.#addresses, address, ADDRESS_MAX) ||
      this.#waitS(this.#pairs, key, PAIR_MAX) ||
      (this.#known.has(key) ? 0 : this.#waitS(this.#strangers, account, STRANGERS_MAX))
    if (waitS === 0) this.#window(this.#pairs, key).underWay += 1
    return waitS
  }

  /** @param outcome `broken`: the check itself failed and says nothing about the password. */
  finish(account: string, address: string, outcome: 'right' | 'wrong' | 'broken'): void {
    const key = pairKey(account, address)
    const pair = this.#window(this.#pairs, key)
    pair.underWay = Math.max(0, pair.underWay - 1)
    if (outcome === 'right') {
      pair.failures = 0
      remember(this.#known, key, true)
    } else if (outcome === 'wrong') {
      pair.failures += 1
      this.#window(this.#addresses, address).failures += 1
      if (!this.#known.has(key)) this.#window(this.#strangers, account).failures += 1
    }
  }

  /** Until this window begins anew, where it is full. One that refuses is in use, and makes no new entry. */
  #waitS(table: Map<string, Window>, key: string, max: number): number {
    const window = table.get(key)
    if (window === undefined) return 0
    this.#beginAnewIfOver(window)
    if (window.failures + window.underWay < max) return 0
    remember(table, key, window)
    return Math.max(1, Math.ceil((window.startedAtMs + WINDOW_MS - this.#clock.now()) / 1000))
  }

  #window(table: Map<string, Window>, key: string): Window {
    const window = table.get(key) ?? { startedAtMs: this.#clock.now(), failures: 0, underWay: 0 }
    this.#beginAnewIfOver(window)
    remember(table, key, window)
    return window
  }

  #beginAnewIfOver(window: Window): void {
    const nowMs = this.#clock.now()
    if (nowMs - window.startedAtMs < WINDOW_MS) return
    window.startedAtMs = nowMs
    window.failures = 0
  }
}

function pairKey(account: string, address: string): string {
  return `${address} ${account}`
}

/** Puts the entry last, and forgets the first one when there are too many. */
function remember<T>(table: Map<string, T>, key: string, value: T): void {
  table.delete(key)
  table.set(key, value)
  if (table.size <= TABLE_MAX) return
  const oldest = table.keys().next().value
  if (oldest !== undefined) table.delete(oldest)
}

import type { ProxySettings } from '../settings.ts'

/**
 * Retries may be at most a share of the requests of the last seconds (and always a few), so that a failing cluster
 * is not given twice the load. Counts in seconds; the window moves by `tick`, called once a second.
 */
export class RetryBudget {
  readonly #settings: ProxySettings['retry']
  readonly #requests: number[] = [0]
  readonly #retries: number[] = [0]
  #sumRequests = 0
  #sumRetries = 0
  #now = 0

  constructor(settings: ProxySettings['retry']) {
    this.#settings = settings
  }

  request(): void {
    this.#now += 1
    this.#sumRequests += 1
  }

  /** Takes one retry out of the budget; false when it is used up. */
  take(): boolean {
    const { budgetShare, budgetMinimum } = this.#settings
    if (this.#sumRetries >= Math.max(budgetMinimum, budgetShare * this.#sumRequests)) return false
    this.#sumRetries += 1
    const last = this.#retries.length - 1
    this.#retries[last] = (this.#retries[last] ?? 0) + 1
    return true
  }

  /** Begins the next second and forgets the one that leaves the window. */
  tick(): void {
    this.#requests[this.#requests.length - 1] = this.#now
    this.#now = 0
    this.#requests.push(0)
    this.#retries.push(0)
    if (this.#requests.length <= this.#settings.windowS) return
    this.#sumRequests -= this.#requests.shift() ?? 0
    this.#sumRetries -= this.#retries.shift() ?? 0
  }
}

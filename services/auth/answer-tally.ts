import type { AnswerCounts } from '#contract/node-admin.ts'
import { UNAVAILABLE_HEADER } from '#contract/reasons.ts'

/** Answers counted by status: one increment each, sorted into kinds when somebody asks. */
export class AnswerTally {
  readonly #byStatus = new Float64Array(600)
  #unavailable = 0
  #lookups = 0

  count(status: number, headers: Readonly<Record<string, unknown>> | undefined, isLookup: boolean): void {
    this.#byStatus[status] = (this.#byStatus[status] ?? 0) + 1
    if (isLookup) this.#lookups += 1
    if (status === 503 && headers?.[UNAVAILABLE_HEADER] !== undefined) this.#unavailable += 1
  }

  get lookups(): number {
    return this.#lookups
  }

  kinds(): AnswerCounts {
    const between = (from: number, to: number) =>
      this.#byStatus.subarray(from, to).reduce((sum, count) => sum + count, 0)
    const refused = this.#byStatus[401] ?? 0
    return {
      ok: between(200, 400),
      refused,
      unavailable: this.#unavailable,
      clientError: between(400, 500) - refused,
      serverError: between(500, 600) - this.#unavailable,
    }
  }
}

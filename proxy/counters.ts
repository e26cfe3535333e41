import type { AnswerCounts } from '#contract/node-admin.ts'

/** What the proxy counts, whichever upstream it was. Only grows. */
export class Counters {
  readonly answers: AnswerCounts = { ok: 0, refused: 0, unavailable: 0, clientError: 0, serverError: 0 }
  /** Of the answers, those that the proxy gave itself. */
  own = 0
  retries = 0
  /** Retries that the budget did not allow. */
  retriesDenied = 0
  pinsMoved = 0
  /** Answers that had begun and could not be completed. */
  cutOff = 0
  /** Clients that left before their answer was complete. */
  clientAborts = 0
  /** Bytes of request bodies held now. */
  heldBytes = 0

  answered(status: number, storeUnavailable: boolean): void {
    if (status < 400) this.answers.ok += 1
    else if (status === 401) this.answers.refused += 1
    else if (status < 500) this.answers.clientError += 1
    else if (storeUnavailable) this.answers.unavailable += 1
    else this.answers.serverError += 1
  }
}

import { setTimeout as delay } from 'node:timers/promises'
import { StillinError } from '#contract/errors.ts'

export interface WaitOptions {
  /** Said when it takes too long. */
  readonly what: string
  readonly timeoutMs: number
  readonly intervalMs: number
  readonly signal?: AbortSignal | undefined
}

/** Asks again and again until the answer is true. @throws StillinError after `timeoutMs`. */
export async function waitUntil(ask: () => Promise<boolean>, options: WaitOptions): Promise<void> {
  const deadlineMs = performance.now() + options.timeoutMs
  while (!(await ask())) {
    options.signal?.throwIfAborted()
    if (performance.now() > deadlineMs) {
      throw new StillinError(`${options.what} did not happen within ${options.timeoutMs} ms`)
    }
    await delay(options.intervalMs)
  }
}

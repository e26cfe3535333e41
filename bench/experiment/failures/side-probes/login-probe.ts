import { sendOnce } from '#bench/load/send.ts'
import { createClient } from '#bench/workload/client.ts'
import { LAB } from '#contract/lab.ts'
import type { Target } from '#contract/target.ts'
import { every } from './every.ts'

/** One real login with a password, through the entrance. µs on the monotonic clock. */
export interface LoginAttempt {
  sentUs: number
  made: boolean
}

const INTERVAL_MS = 250
const TIMEOUT_MS = 2_000

/** Somebody logs in four times a second, until the signal: what an outage does to logins is apart from what it does to lookups. */
export async function probeLogins(
  target: Target,
  userIds: readonly string[],
  signal: AbortSignal,
): Promise<readonly LoginAttempt[]> {
  const attempts: LoginAttempt[] = []
  await every(INTERVAL_MS, signal, async (turn) => {
    const request = createClient(target, userIds[turn % userIds.length] ?? '', LAB.password).request('login')
    if (request === undefined) return
    const answer = await sendOnce(target.url, request, { timeoutMs: TIMEOUT_MS })
    attempts.push({ sentUs: answer.invokedUs, made: answer.kind === 'answer' && answer.status < 300 })
  })
  return attempts
}

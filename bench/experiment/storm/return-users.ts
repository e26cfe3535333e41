import { setTimeout as sleep } from 'node:timers/promises'
import { sendOnce } from '#bench/load/send.ts'
import { createClient, type VirtualClient } from '#bench/workload/client.ts'
import type { Random } from '#bench/workload/random.ts'
import { LAB } from '#contract/lab.ts'
import type { Target } from '#contract/target.ts'
import type { SeededLogin } from '../lab/seeding.ts'

/** How everybody came back. Times in ms from the moment when all of them were out. */
export interface Returned {
  /** When each was in again, ascending. */
  backMs: readonly number[]
  neverBack: number
  /** Still in without logging in: the wipe did not reach them. */
  neverOut: number
  logins: { tried: number; failed: number }
}

const TIMEOUT_MS = 10_000
const PAUSE_MS = { least: 100, more: 200 }

/** All of them at once: each looks whether they are in, logs in with the password, and tries again until it worked. */
export async function returnUsers(
  target: Target,
  logins: readonly SeededLogin[],
  random: Random,
  limitMs: number,
  signal: AbortSignal,
): Promise<Returned> {
  const startMs = performance.now()
  const backMs: number[] = []
  const counts = { tried: 0, failed: 0 }
  let neverOut = 0
  const isIn = async (client: VirtualClient, localAddress: string): Promise<boolean> => {
    const request = client.request('lookup')
    if (request === undefined) return false
    const answer = await sendOnce(target.url, request, { timeoutMs: TIMEOUT_MS, localAddress, signal })
    return answer.kind === 'answer' && answer.status === 200
  }
  const come = async ({ credential }: SeededLogin, index: number): Promise<void> => {
    // Each from an address of their own, as people come.
    const localAddress = `127.77.${Math.floor(index / 250)}.${(index % 250) + 1}`
    const client = createClient(target, credential.userId, LAB.password)
    client.adopt(credential)
    if (await isIn(client, localAddress)) {
      neverOut += 1
      return
    }
    client.forget()
    while (performance.now() - startMs < limitMs && !signal.aborted) {
      const login = client.request('login')
      if (login === undefined) return
      counts.tried += 1
      const answer = await sendOnce(target.url, login, { timeoutMs: TIMEOUT_MS, localAddress, signal })
      if (answer.kind === 'answer' && answer.status < 300) {
        client.absorb(answer.setCookies, answer.body)
        backMs.push(performance.now() - startMs)
        return
      }
      counts.failed += 1
      await sleep(PAUSE_MS.least + PAUSE_MS.more * random.next(), undefined, { signal })
    }
  }
  await Promise.all(logins.map(come))
  backMs.sort((a, b) => a - b)
  return { backMs, neverOut, neverBack: logins.length - backMs.length - neverOut, logins: counts }
}

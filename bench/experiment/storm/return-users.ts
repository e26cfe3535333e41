import { setTimeout as sleep } from 'node:timers/promises'
import { loopbackAddress } from '#bench/load/loopback-address.ts'
import { type Answer, type SendFailure, sendOnce } from '#bench/load/send.ts'
import { createClient, type VirtualClient } from '#bench/workload/client.ts'
import type { Random } from '#bench/workload/random.ts'
import { LAB } from '#contract/lab.ts'
import type { RequestTemplate, Target } from '#contract/target.ts'
import type { SeededLogin } from '../lab/seeding.ts'
import { pauseMs, retryAfterS, turnedAwayBy } from './come-again.ts'

/** How everybody came back. Times in ms from the moment when all of them were out. */
export interface Returned {
  /** When each was in again, ascending. */
  backMs: readonly number[]
  neverBack: number
  /** Still in without logging in: the wipe did not reach them. */
  neverOut: number
  tried: number
  /** Tries that made no login, by what the client saw. */
  failed: Readonly<Record<string, number>>
}

/** Longer than the proxy waits for a node: its word for that is a finding. */
const TIMEOUT_MS = 20_000
const OTHER_ADDRESSES = 1_000

/**
 * All of them at once: each looks whether they are in, logs in with the password, and comes again until it worked, or
 * until the limit.
 * @param onBack how many are in again, whenever somebody is.
 */
export async function returnUsers(
  target: Target,
  logins: readonly SeededLogin[],
  random: Random,
  limitMs: number,
  onBack: (count: number) => void,
  signal: AbortSignal,
): Promise<Returned> {
  const startMs = performance.now()
  const limit = AbortSignal.timeout(limitMs)
  const over = AbortSignal.any([limit, signal])
  const backMs: number[] = []
  const failed: Record<string, number> = {}
  let tried = 0
  let neverOut = 0
  const logIn = async (client: VirtualClient, send: Sender): Promise<void> => {
    for (let failures = 1; ; failures += 1) {
      const login = client.request('login')
      if (login === undefined) return
      tried += 1
      const answer = await send(login)
      if (answer.kind === 'answer' && answer.status < 300) {
        client.absorb(answer.setCookies, answer.body)
        onBack(backMs.push(performance.now() - startMs))
        return
      }
      const name = turnedAwayBy(answer)
      failed[name] = (failed[name] ?? 0) + 1
      await sleep(pauseMs(failures, retryAfterS(answer), random.next()), undefined, { signal: over })
    }
  }
  const come = async ({ credential }: SeededLogin, index: number): Promise<void> => {
    // Each from an address of their own, as people come; not those of the bystanders' connections.
    const localAddress = loopbackAddress(OTHER_ADDRESSES + index, new URL(target.url).hostname)
    const from = localAddress === undefined ? {} : { localAddress }
    const send: Sender = (request) =>
      sendOnce(target.url, request, { timeoutMs: TIMEOUT_MS, ...from, signal: over })
    const client = createClient(target, credential.userId, LAB.password)
    client.adopt(credential)
    if (await isIn(client, send)) {
      neverOut += 1
      return
    }
    client.forget()
    await logIn(client, send)
  }
  await Promise.all(
    logins.map(async (login, index) => {
      try {
        await come(login, index)
      } catch (error) {
        // Whoever is on the way when the limit comes is not back.
        if (!limit.aborted) throw error
      }
    }),
  )
  signal.throwIfAborted()
  backMs.sort((a, b) => a - b)
  const neverBack = logins.length - backMs.length - neverOut
  return { backMs, neverOut, neverBack, tried, failed }
}

type Sender = (request: RequestTemplate) => Promise<Answer | SendFailure>

async function isIn(client: VirtualClient, send: Sender): Promise<boolean> {
  const request = client.request('lookup')
  if (request === undefined) return false
  const answer = await send(request)
  return answer.kind === 'answer' && answer.status === 200
}

import { sendOnce } from '#bench/load/send.ts'
import { monotonicUs } from '#contract/clock.ts'
import type { Credential } from '#contract/node-admin.ts'
import { demandRequest, renderRequest, type Target } from '#contract/target.ts'
import type { SeededLogin } from '../../lab/seeding.ts'
import { every } from './every.ts'

/** Who should be out, and how often they were let in. */
export interface Intrusions {
  loggedOut: { asked: number; accepted: number; users: { asked: number; accepted: number } }
  /** The forged credential of a fault that hands one out; `lastAcceptUs` 0: never accepted. */
  forged: { asked: number; accepted: number; lastAcceptUs: number }
}

export interface IntruderProbe {
  /** From now on this one is tried too. */
  forge(credential: Credential): void
  /** Asks until the signal, and in the end once at every node. */
  run(signal: AbortSignal): Promise<Intrusions>
}

const INTERVAL_MS = 60
const TIMEOUT_MS = 2_000
/** A logout may take this long to hold by its mode’s own bound; before, nothing is asked. */
const BOUND_MS = 1_500

/** Logs these out, with the whole of their lifetime before them, and then keeps asking with what they held. */
export async function openIntruderProbe(
  target: Target,
  logins: readonly SeededLogin[],
): Promise<IntruderProbe> {
  await showEverywhere(target, logins)
  const out = await logOut(target, logins)
  const notBeforeUs = monotonicUs() + BOUND_MS * 1000
  let forged: Credential | undefined
  const seen: Intrusions = {
    loggedOut: { asked: 0, accepted: 0, users: { asked: out.length, accepted: 0 } },
    forged: { asked: 0, accepted: 0, lastAcceptUs: 0 },
  }
  const ask = async (url: string, credential: Credential, count: Intrusions['loggedOut' | 'forged']) => {
    const request = renderRequest(target.requests.lookup, credential)
    const answer = await sendOnce(url, request, { timeoutMs: TIMEOUT_MS })
    count.asked += 1
    const isIn = answer.kind === 'answer' && answer.status === 200
    if (isIn) count.accepted += 1
    return isIn ? answer.invokedUs : 0
  }
  const letIn = new Set<string>()
  const askLoggedOut = async (url: string, credential: Credential) => {
    if ((await ask(url, credential, seen.loggedOut)) > 0) letIn.add(credential.userId)
    seen.loggedOut.users.accepted = letIn.size
  }
  const askForged = async (url: string) => {
    if (forged === undefined) return
    seen.forged.lastAcceptUs = Math.max(seen.forged.lastAcceptUs, await ask(url, forged, seen.forged))
  }
  return {
    forge: (credential) => {
      forged = credential
    },
    async run(signal) {
      await every(INTERVAL_MS, signal, async (turn) => {
        await askForged(target.url)
        const credential = out[turn % Math.max(1, out.length)]
        if (credential === undefined || monotonicUs() < notBeforeUs) return
        await askLoggedOut(target.url, credential)
      })
      for (const { url } of target.nodes) {
        await askForged(url)
        for (const credential of out) await askLoggedOut(url, credential)
      }
      return seen
    },
  }
}

/** Every node has seen each of them before it is logged out: what it remembers of them is what may mislead it. */
export async function showEverywhere(target: Target, logins: readonly SeededLogin[]): Promise<void> {
  for (const { credential } of logins) {
    const request = renderRequest(target.requests.lookup, credential)
    await Promise.all(target.nodes.map(({ url }) => sendOnce(url, request, { timeoutMs: TIMEOUT_MS })))
  }
}

/** Those whose logout was acknowledged. */
async function logOut(target: Target, logins: readonly SeededLogin[]): Promise<Credential[]> {
  const out: Credential[] = []
  for (const { credential } of logins) {
    const request = renderRequest(demandRequest(target, 'logout'), credential)
    const answer = await sendOnce(target.url, request, { timeoutMs: TIMEOUT_MS })
    if (answer.kind === 'answer' && answer.status < 300) out.push(credential)
  }
  return out
}

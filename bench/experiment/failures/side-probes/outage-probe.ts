import { setTimeout as sleep } from 'node:timers/promises'
import { sendOnce } from '#bench/load/send.ts'
import type { RunningCluster } from '#cluster/cluster.ts'
import { monotonicUs } from '#contract/clock.ts'
import type { Mode } from '#contract/modes.ts'
import type { Credential } from '#contract/node-admin.ts'
import { demandRequest, renderRequest, type Target } from '#contract/target.ts'
import { forge } from '../../costs/canaries.ts'
import { seedEverywhere } from '../../lab/seeding.ts'
import { every } from './every.ts'
import { showEverywhere } from './intruder-probe.ts'

/** A question with a login that should be out. µs on the monotonic clock. */
export interface OutsiderAsked {
  what: 'revoked' | 'forged'
  sentUs: number
  accepted: boolean
}

export interface LogoutTried {
  sentUs: number
  end: 'acknowledged' | 'refused' | 'unsure'
}

export interface OutageEvidence {
  asked: readonly OutsiderAsked[]
  logouts: readonly LogoutTried[]
}

export interface OutageProbe {
  /** Begins with the load; probes until the signal. @param faultAtMs from now. */
  run(faultAtMs: number, signal: AbortSignal): Promise<OutageEvidence>
}

/** Log out just before the fault, and one after the other from then on. */
const LEAVING = 6
const LATER = 60
export const OUTAGE_USERS = LEAVING + LATER
/** What a node has read of late may mislead it only where it was not asked again since: so the last moment before the fault. */
const BEFORE_FAULT_MS = 500
const LOGOUT_EVERY_MS = 250
const ASK_EVERY_MS = 40
const TIMEOUT_MS = 2_000
/** Every so many questions one with a signature that was tampered with. */
const FORGED_EVERY = 3

/** Makes the logins, and shows each of them to every node. */
export async function openOutageProbe(
  cluster: RunningCluster,
  target: Target,
  mode: Mode,
  userIds: readonly string[],
): Promise<OutageProbe> {
  const logins = await seedEverywhere(cluster, mode, userIds)
  await showEverywhere(target, logins)
  const credentials = logins.map(({ credential }) => credential)
  const forged = forge(credentials[0] ?? { userId: '', headers: {} })
  const boundUs = (mode.boundMs ?? 0) * 1000
  const asked: OutsiderAsked[] = []
  const logouts: LogoutTried[] = []
  const out: { credential: Credential; fromUs: number }[] = []
  let nextRevoked = 0

  const logOut = async (credential: Credential) => {
    const request = renderRequest(demandRequest(target, 'logout'), credential)
    const answer = await sendOnce(target.url, request, { timeoutMs: TIMEOUT_MS })
    if (answer.kind !== 'answer') return { sentUs: answer.invokedUs, end: 'unsure' as const }
    if (answer.status >= 300) return { sentUs: answer.invokedUs, end: 'refused' as const }
    out.push({ credential, fromUs: monotonicUs() + boundUs })
    return { sentUs: answer.invokedUs, end: 'acknowledged' as const }
  }
  const ask = async (turn: number) => {
    const due = out.filter(({ fromUs }) => fromUs <= monotonicUs())
    const what = turn % FORGED_EVERY === 0 ? 'forged' : 'revoked'
    if (what === 'revoked') nextRevoked += 1
    const credential = what === 'forged' ? forged : due[nextRevoked % Math.max(1, due.length)]?.credential
    if (credential === undefined) return
    const request = renderRequest(target.requests.lookup, credential)
    const answer = await sendOnce(target.url, request, { timeoutMs: TIMEOUT_MS })
    asked.push({
      what,
      sentUs: answer.invokedUs,
      accepted: answer.kind === 'answer' && answer.status === 200,
    })
  }
  return {
    async run(faultAtMs, signal) {
      const leaveAtMs = faultAtMs - BEFORE_FAULT_MS
      // The end of the probing is no failure of it.
      await sleep(Math.max(0, leaveAtMs), undefined, { signal }).catch(() => {})
      for (const credential of credentials.slice(0, LEAVING)) if (!signal.aborted) await logOut(credential)
      const left = performance.now() + BEFORE_FAULT_MS
      await Promise.all([
        every(LOGOUT_EVERY_MS, signal, async (turn) => {
          const credential = credentials[LEAVING + turn]
          if (credential !== undefined) logouts.push(await logOut(credential))
        }),
        sleep(Math.max(0, left - performance.now()), undefined, { signal })
          .catch(() => {})
          .then(() => every(ASK_EVERY_MS, signal, ask)),
      ])
      return { asked, logouts }
    },
  }
}

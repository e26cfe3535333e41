import { sendOnce } from '#bench/load/send.ts'
import {
  asBrowserSends,
  attachesCookie,
  type ForgedRequest,
  isGranted,
  needsPreflight,
  preflightOf,
  type SameSite,
} from '#bench/workload/forged-request.ts'
import type { ForgeryRow, ForgeryTable, ForgeryTry } from '#contract/csrf.ts'
import { StillinError } from '#contract/errors.ts'
import { CSRF_ATTACKS, type CsrfAttack } from './attacks.ts'

const TIMEOUT_MS = 3_000
/** Names only: a request says where it comes from, nobody connects there. */
const ORIGINS = { 'cross-site': 'https://evil.example', 'same-site': 'https://blog.bank.example' } as const

/** The person whose browser is misused. */
export interface Victim {
  readonly userId: string
  /** What the browser holds for the target and may attach; undefined: nothing (a token lies with the page's script). */
  readonly cookie: string | undefined
  readonly sameSite: SameSite
}

/** Puts every attack to the target, one after the other, as the victim's browser would send it. */
export async function forgeAll(url: string, victim: Victim): Promise<ForgeryTable['rows']> {
  const rows: ForgeryRow[] = []
  for (const attack of CSRF_ATTACKS) rows.push(await forgeOne(url, victim, attack))
  return rows
}

async function forgeOne(url: string, victim: Victim, attack: CsrfAttack): Promise<ForgeryRow> {
  const { name, unprotected, protected: guarded } = attack
  const unprotectedTry = await send(url, victim, unprotected)
  return {
    attack: name,
    from: unprotected.from,
    cookieSent: unprotectedTry.result !== 'not-sent' && cookieFor(victim, unprotected) !== undefined,
    unprotected: unprotectedTry,
    protected: await send(url, victim, guarded),
  }
}

function cookieFor({ cookie, sameSite }: Victim, forged: ForgedRequest): string | undefined {
  return attachesCookie(sameSite, forged) ? cookie : undefined
}

async function send(url: string, victim: Victim, forged: ForgedRequest): Promise<ForgeryTry> {
  const origin = ORIGINS[forged.from]
  const request = `${forged.method} ${forged.path.split('?')[0]}`
  if (needsPreflight(forged)) {
    const answer = await answerTo(url, preflightOf(forged, origin))
    if (!isGranted(forged, origin, answer.status, answer.headers))
      return { request, result: 'not-sent', status: 0, why: 'preflight_refused' }
  }
  const { status, body } = await answerTo(url, asBrowserSends(forged, origin, cookieFor(victim, forged)))
  const { id, error } = (body ?? {}) as { id?: unknown; error?: unknown }
  const done = status === 204 || (status === 200 && id === victim.userId)
  return { request, result: done ? 'done' : 'refused', status, why: String(error ?? '') }
}

async function answerTo(url: string, request: Parameters<typeof sendOnce>[1]) {
  const answer = await sendOnce(url, request, { timeoutMs: TIMEOUT_MS })
  if (answer.kind === 'answer') return answer
  throw new StillinError(`no answer to ${request.method} ${request.path}: ${answer.reason}`)
}

import { HEADERS } from '#contract/headers.ts'
import { REFUSAL_REASONS, type RefusalReason } from '#contract/reasons.ts'
import { ROUTES } from '#contract/routes.ts'
import type { ShopConfig } from './config.ts'
import { type FetchKeys, readKeySet } from './key-set.ts'

const ANSWER_MS = 2_000

/** Somebody, as the auth service knows them. */
export interface Known {
  readonly id: string
  readonly role: string
  readonly loginAt: string
}

/** What the shop asks the auth service, from service to service. `unavailable`: no answer that says anything. */
export interface AuthClient {
  fetchKeys: FetchKeys
  /** The user's own token, as it came. */
  whoHasToken(authorization: string): Promise<Known | RefusalReason | 'unavailable'>
  whoHasGrant(grant: string): Promise<Known | RefusalReason | 'unavailable'>
  /** A code for the right to ask. `refused`: it is not good (any more). */
  redeem(
    code: string,
  ): Promise<{ readonly grant: string; readonly expiresInS: number } | 'refused' | 'unavailable'>
}

export function createAuthClient({ authUrl, secret }: Pick<ShopConfig, 'authUrl' | 'secret'>): AuthClient {
  const own = { authorization: `Bearer ${secret}` }
  const send = async (
    path: string,
    init: RequestInit,
  ): Promise<{ status: number; text: string } | undefined> => {
    try {
      const answer = await fetch(`${authUrl}${path}`, {
        ...init,
        redirect: 'error',
        signal: AbortSignal.timeout(ANSWER_MS),
      })
      return { status: answer.status, text: await answer.text() }
    } catch {
      // Refused, cut or too late: all the same to who asks.
      return undefined
    }
  }
  const ask = async (path: string, headers: Record<string, string>) => {
    const answer = await send(path, { headers })
    return answer === undefined ? 'unavailable' : readOpinion(answer)
  }
  return {
    async fetchKeys() {
      const answer = await send(ROUTES.jwks, {})
      return answer && readKeySet(answer.status, answer.text)
    },
    whoHasToken: (authorization) => ask(ROUTES.me, { authorization }),
    whoHasGrant: (grant) => ask(ROUTES.ssoMe, { ...own, [HEADERS.grant]: grant }),
    async redeem(code) {
      const headers = { ...own, 'content-type': 'application/json' }
      const body = JSON.stringify({ code })
      const answer = await send(ROUTES.ssoRedeem, { method: 'POST', headers, body })
      const { grant, expiresInS, error } = parse(answer?.text)
      if (answer?.status === 200 && typeof grant === 'string' && typeof expiresInS === 'number')
        return { grant, expiresInS }
      return error === 'code_refused' || answer?.status === 400 ? 'refused' : 'unavailable'
    },
  }
}

/** A refusal is one only when it says why: whatever else comes is no word about this login. */
function readOpinion({ status, text }: { status: number; text: string }) {
  const { id, role, loginAt, reason } = parse(text)
  if (status === 401 && isReason(reason)) return reason
  if (status !== 200 || typeof id !== 'string') return 'unavailable'
  return { id, role: String(role), loginAt: String(loginAt) }
}

function isReason(value: unknown): value is RefusalReason {
  return (REFUSAL_REASONS as readonly unknown[]).includes(value)
}

function parse(text: string | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? '')
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

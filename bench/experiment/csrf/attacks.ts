import type { ForgedRequest } from '#bench/workload/forged-request.ts'
import { HEADERS } from '#contract/headers.ts'
import { LAB } from '#contract/lab.ts'
import { ROUTES } from '#contract/routes.ts'

/** One attack: the same trick against the route without protection and against one with it. */
export interface CsrfAttack {
  readonly name: string
  readonly unprotected: ForgedRequest
  /** `POST /transfer`; `POST /logout`, which wants no body, for a trick that cannot carry one. */
  readonly protected: ForgedRequest
}

type Shape = Pick<ForgedRequest, 'from' | 'how' | 'method'>

/** The attacker is given the victim's password: what fails must not fail for want of it. */
const FIELDS = { amount: '1', password: LAB.password }
const URLENCODED = new URLSearchParams(FIELDS).toString()
/** A form field whose name and value, joined by `=`, make JSON: the classic way past a server that reads text/plain. */
const JSON_AS_TEXT = `{"amount":1,"password":"${LAB.password}","ignored":"="}\r\n`
const QUERY = `?amount=${FIELDS.amount}`

function form(from: ForgedRequest['from'], name: string, contentType: string, body: string): CsrfAttack {
  const shape = { from, how: 'navigation', method: 'POST', contentType, body } as const
  return {
    name,
    unprotected: { ...shape, path: ROUTES.unprotectedTransfer },
    protected: { ...shape, path: ROUTES.transfer },
  }
}

function get(from: ForgedRequest['from'], name: string, how: 'navigation' | 'image'): CsrfAttack {
  const shape = { from, how, method: 'GET' } as const
  return {
    name,
    unprotected: { ...shape, path: `${ROUTES.unprotectedTransfer}${QUERY}` },
    protected: { ...shape, path: `${ROUTES.transfer}${QUERY}` },
  }
}

/** Without a body only the header stands between: a logout needs nothing else. */
function bare(shape: Shape, name: string, headers?: Record<string, string>): CsrfAttack {
  const extra = headers === undefined ? {} : { headers }
  return {
    name,
    unprotected: { ...shape, ...extra, path: `${ROUTES.unprotectedTransfer}${QUERY}` },
    protected: { ...shape, ...extra, path: ROUTES.logout },
  }
}

const FORM = 'application/x-www-form-urlencoded'
const FETCH = { how: 'fetch', method: 'POST' } as const
const WITH_HEADER = { [HEADERS.csrf]: '1' }

/** What a page of another origin can try, from the oldest trick to the one that the header answers. */
export const CSRF_ATTACKS: readonly CsrfAttack[] = [
  form('cross-site', 'form POST', FORM, URLENCODED),
  form('cross-site', 'form POST, JSON as text/plain', 'text/plain', JSON_AS_TEXT),
  bare({ ...FETCH, from: 'cross-site' }, 'fetch no-cors, no body'),
  get('cross-site', 'image', 'image'),
  get('cross-site', 'link clicked', 'navigation'),
  bare({ ...FETCH, from: 'cross-site' }, 'fetch with x-csrf', WITH_HEADER),
  form('same-site', 'form POST', FORM, URLENCODED),
  form('same-site', 'form POST, JSON as text/plain', 'text/plain', JSON_AS_TEXT),
  bare({ ...FETCH, from: 'same-site' }, 'fetch no-cors, no body'),
  get('same-site', 'image', 'image'),
  bare({ ...FETCH, from: 'same-site' }, 'fetch with x-csrf', WITH_HEADER),
]

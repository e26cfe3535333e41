import { randomBytes } from 'node:crypto'
import { sendOnce } from '#bench/load/send.ts'
import { createClient, type VirtualClient } from '#bench/workload/client.ts'
import { createCookieJar } from '#bench/workload/cookie-jar.ts'
import { StillinError } from '#contract/errors.ts'
import { HEADERS } from '#contract/headers.ts'
import { LAB } from '#contract/lab.ts'
import { type Mode, usesCookies } from '#contract/modes.ts'
import { ROUTES } from '#contract/routes.ts'
import { SHOP_COOKIE, SHOP_ROUTES, type ShopKeysAnswer } from '#contract/shop.ts'
import type { SsoAnswer } from '#contract/sso.ts'
import { type RequestTemplate, renderRequest, type Target } from '#contract/target.ts'

const TIMEOUT_MS = 4_000
const JSON_TYPE = { 'content-type': 'application/json' }

/** What one service answered to one login. */
export interface Said {
  readonly answer: SsoAnswer
  readonly status: number
  /** How it checked, where it says so. */
  readonly check: string
}

/** One person who is logged in at the auth service and goes to the shop with it. */
export interface ShopVisitor {
  askAuth(): Promise<Said>
  askShop(): Promise<Said>
  logOut(): Promise<void>
  /** Brings the login over by a code, and tries the code again; undefined where a token is presented as it is. */
  readonly code: { first: number; again: number } | undefined
}

/** Logs in at the auth service and goes over to the shop. @throws StillinError where either does not work. */
export async function visitShop(
  target: Target,
  mode: Mode,
  shopUrl: string,
  user: string,
): Promise<ShopVisitor> {
  const client = createClient(target, user, LAB.password)
  const login = await send(target.url, demand(client.request('login')))
  if (login?.status !== 200) throw new StillinError(`the login of ${user} failed: ${login?.status}`)
  client.absorb(login.setCookies, login.body)
  const jar = createCookieJar([SHOP_COOKIE])
  const code = usesCookies(mode) ? await handOver(target, client, shopUrl, jar) : undefined
  return {
    code,
    askAuth: async () => said(await send(target.url, demand(client.request('lookup')))),
    async askShop() {
      const cookie = jar.header()
      const { authorization } = client.credential().headers
      const headers: Record<string, string> = code
        ? { ...(cookie === undefined ? {} : { cookie }) }
        : { ...(authorization === undefined ? {} : { authorization }) }
      return said(await send(shopUrl, { method: 'GET', path: SHOP_ROUTES.me, headers }))
    },
    async logOut() {
      const answer = await send(target.url, demand(client.request('logout')))
      if (answer?.status !== 204) throw new StillinError(`the logout of ${user} failed: ${answer?.status}`)
    },
  }
}

async function handOver(
  target: Target,
  client: VirtualClient,
  shopUrl: string,
  jar: ReturnType<typeof createCookieJar>,
) {
  const template: RequestTemplate = {
    method: 'POST',
    path: ROUTES.ssoCodes,
    headers: { ...JSON_TYPE, [HEADERS.csrf]: '1' },
    body: JSON.stringify({ origin: shopUrl }),
  }
  const made = await send(target.url, renderRequest(template, client.credential()))
  const { code } = (made?.body ?? {}) as { code?: unknown }
  if (made?.status !== 201 || typeof code !== 'string')
    throw new StillinError(`no code for the shop: ${made?.status} ${JSON.stringify(made?.body)}`)
  const redeem = { method: 'POST', path: SHOP_ROUTES.session, headers: JSON_TYPE } as const
  const first = await send(shopUrl, { ...redeem, body: JSON.stringify({ code }) })
  jar.absorb(first?.setCookies ?? [])
  const again = await send(shopUrl, { ...redeem, body: JSON.stringify({ code }) })
  return { first: first?.status ?? 0, again: again?.status ?? 0 }
}

/** How often the shop has fetched keys. */
export async function shopFetches(shopUrl: string): Promise<number> {
  const answer = await send(shopUrl, { method: 'GET', path: SHOP_ROUTES.keys, headers: {} })
  if (answer?.status !== 200) throw new StillinError(`the shop does not tell its keys: ${answer?.status}`)
  return (answer.body as ShopKeysAnswer).fetches
}

/** Puts tokens under keys that nobody has to the shop. @returns how many it accepted. */
export async function sendForged(shopUrl: string, count: number, algorithm: string): Promise<number> {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  let accepted = 0
  for (let sent = 0; sent < count; sent += 1) {
    const kid = randomBytes(9).toString('base64url')
    const header = encode({ alg: algorithm, typ: 'at+jwt', kid })
    const token = `${header}.${encode({ sub: 'user-1' })}.${randomBytes(63).toString('base64url')}`
    const headers = { authorization: `Bearer ${token}` }
    const answer = await send(shopUrl, { method: 'GET', path: SHOP_ROUTES.me, headers })
    if (answer?.status === 200) accepted += 1
  }
  return accepted
}

async function send(url: string, request: RequestTemplate) {
  const answer = await sendOnce(url, request, { timeoutMs: TIMEOUT_MS })
  return answer.kind === 'answer' ? answer : undefined
}

function said(answer: Awaited<ReturnType<typeof send>>): Said {
  const status = answer?.status ?? 0
  const check = String(answer?.headers[HEADERS.check] ?? '')
  if (status === 200) return { answer: 'in', status, check }
  return { answer: status === 401 ? 'out' : 'cannot-tell', status, check }
}

function demand(request: RequestTemplate | undefined): RequestTemplate {
  if (request === undefined) throw new StillinError('the target offers no login, lookup or logout')
  return request
}

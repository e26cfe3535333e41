import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { BrowserContext } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CSRF_ATTACKS } from '#bench/experiment/csrf/attacks.ts'
import { attachesCookie, type ForgedRequest, needsPreflight } from '#bench/workload/forged-request.ts'
import { findChromium } from '#cluster/chromium/find-chromium.ts'
import type { RunningCluster } from '#cluster/cluster.ts'
import { startCluster } from '#cluster/local-cluster.ts'
import { COOKIES } from '#contract/headers.ts'
import { LAB } from '#contract/lab.ts'
import { launchProfile } from './lab.ts'

/** What the demonstration says that a browser sends, a browser sends. */

const chromium = await findChromium(process.env['PATH'] ?? '')
const LIMIT_MS = 10_000
const VICTIM_HOST = 'bank.localhost'
/** Every name under localhost is this machine to a browser; names next to each other are sites of their own. */
const ATTACKER_HOST = { 'cross-site': 'evil.localhost', 'same-site': 'blog.bank.localhost' } as const

/** A page that does nothing but attack when its button is clicked. */
function attackPage(url: string, { how, method, contentType, body, headers }: ForgedRequest): string {
  const options = { method, mode: headers ? 'cors' : 'no-cors', credentials: 'include', headers }
  const script = (code: string) =>
    `<button onclick='${code}.catch(() => {}).then(() => (document.title = "tried"))'>go</button>`
  if (how === 'image') return `<button onclick='document.images[0].src = "${url}"'>go</button><img alt="">`
  if (how === 'fetch') return script(`fetch("${url}", ${JSON.stringify(options)})`)
  if (method === 'GET') return `<a href="${url}"><button type="button">go</button></a>`
  const pairs = contentType === 'text/plain' ? [splitOnce(body ?? '')] : [...new URLSearchParams(body)]
  const fields = pairs.map(([name, value]) => `<input type="hidden" name='${name}' value='${value}'>`)
  return `<form method="post" action="${url}" enctype="${contentType}">${fields.join('')}<button>go</button></form>`
}

function splitOnce(body: string): [string, string] {
  const at = body.indexOf('=')
  return [body.slice(0, at), body.slice(at + 1).trimEnd()]
}

/** An HTTP server of the test's own, on a free port. */
async function site(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ port: number } & AsyncDisposable> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

interface Arrived {
  readonly method: string
  readonly headers: IncomingMessage['headers']
  readonly status: number
}

/**
 * Passes everything on to the proxy and keeps what came: a browser hides from its own log what it sent in the
 * background and what was answered.
 */
function passOn(url: () => string, arrived: (request: Arrived) => void) {
  return (incoming: IncomingMessage, response: ServerResponse) => {
    const { method = '', headers, url: path = '/' } = incoming
    const onward = request(new URL(path, url()), { method, headers }, (answer) => {
      arrived({ method, headers, status: answer.statusCode ?? 0 })
      response.writeHead(answer.statusCode ?? 0, answer.headers)
      answer.pipe(response)
    })
    onward.on('error', () => response.destroy())
    incoming.pipe(onward)
  }
}

describe.skipIf(chromium === undefined)('a real browser that is logged in', () => {
  let cluster: RunningCluster
  let bank: Awaited<ReturnType<typeof site>>
  let attacker: Awaited<ReturnType<typeof site>>
  let browser: Awaited<ReturnType<typeof launchProfile>>
  let context: BrowserContext
  let html = ''
  let arrived: Arrived[] = []
  beforeAll(async () => {
    const nodeEnvironment = { STILLIN_UNPROTECTED_ROUTE: '1' } as const
    cluster = await startCluster({ mode: 'cookie', nodes: 1, users: 10, nodeEnvironment })
    bank = await site(
      passOn(
        () => cluster.proxy.url,
        (one) => arrived.push(one),
      ),
    )
    attacker = await site((_request, response) => {
      response.setHeader('content-type', 'text/html')
      response.end(`<!doctype html><title>kittens</title><link rel="icon" href="data:,">${html}`)
    })
    browser = await launchProfile(chromium ?? '')
    context = browser.context
  })
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await attacker?.[Symbol.asyncDispose]()
    await bank?.[Symbol.asyncDispose]()
    await cluster?.[Symbol.asyncDispose]()
  })
  const bankUrl = () => `http://${VICTIM_HOST}:${bank.port}`

  /** Opens the attacker's page, clicks, and tells what reached the bank; undefined: nothing but a question. */
  async function clickOn(forged: ForgedRequest) {
    const page = await context.newPage()
    html = attackPage(`${bankUrl()}${forged.path}`, forged)
    await page.goto(`http://${ATTACKER_HOST[forged.from]}:${attacker.port}/`)
    arrived = []
    await page.click('button', { noWaitAfter: true, timeout: LIMIT_MS })
    if (needsPreflight(forged))
      await page.waitForFunction('document.title === "tried"', undefined, { timeout: LIMIT_MS })
    else await expect.poll(() => arrived.length).toBeGreaterThan(0)
    if (forged.how === 'navigation') await page.waitForURL(`${bankUrl()}/**`, { timeout: LIMIT_MS })
    await page.close()
    const [first] = arrived.filter(({ method }) => method !== 'OPTIONS')
    return first
  }

  describe.each(['Lax', 'None'] as const)('with a cookie that is SameSite=%s', (sameSite) => {
    beforeAll(async () => {
      const page = await context.newPage()
      await page.goto(`${bankUrl()}/livez`)
      const credentials = { username: 'user-1', password: LAB.password }
      const status = await page.evaluate(
        `fetch('/login', { method: 'POST', headers: { 'content-type': 'application/json', 'x-csrf': '1' },
           body: '${JSON.stringify(credentials)}' }).then((answer) => answer.status)`,
      )
      expect(status).toBe(200)
      const [cookie] = (await context.cookies(bankUrl())).filter(({ name }) => name === COOKIES.session)
      if (cookie === undefined) throw new Error('the login left no cookie')
      expect(cookie).toMatchObject({ sameSite: 'Lax', httpOnly: true })
      // A browser takes None from a secure cookie only, and this machine's own names for secure.
      if (sameSite === 'None') await context.addCookies([{ ...cookie, sameSite, secure: true }])
      await page.close()
    })

    it.each(CSRF_ATTACKS)('$unprotected.from: $name', async ({ unprotected, protected: guarded }) => {
      const open = await clickOn(unprotected)
      const closed = await clickOn(guarded)
      if (needsPreflight(unprotected)) {
        expect([open, closed]).toEqual([undefined, undefined])
        expect(arrived.map(({ method }) => method)).toEqual(['OPTIONS'])
        return
      }
      const attached = attachesCookie(sameSite, unprotected)
      const cookieSent = (one: Arrived | undefined) => one?.headers.cookie?.includes(COOKIES.session) ?? false
      expect([cookieSent(open), open?.status]).toEqual([attached, attached ? 200 : 401])
      expect(cookieSent(closed)).toBe(attached)
      expect([403, 404, 415]).toContain(closed?.status)
      expect(open?.headers['sec-fetch-site']).toBe(unprotected.from)
      expect(open?.headers['content-type']).toBe(unprotected.contentType)
    })
  })
})

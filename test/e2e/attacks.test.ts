import { createHmac } from 'node:crypto'
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sendOnce } from '#bench/load/send.ts'
import { createClient } from '#bench/workload/client.ts'
import type { RunningCluster } from '#cluster/cluster.ts'
import { startCluster } from '#cluster/local-cluster.ts'
import { LAB } from '#contract/lab.ts'
import { MODES, type ModeName } from '#contract/modes.ts'
import { stillinTarget } from '#contract/target.ts'

/** What must get nobody in, sent to each node directly and through the proxy with both of its forwarders. */

interface Answer {
  status: number
  setCookie: readonly string[]
  cacheControl: string | undefined
  body: string
}
/** Header lines in turns: a name may come twice. */
type Lines = readonly string[]
interface Attack {
  readonly name: string
  readonly mode: ModeName
  readonly method?: string
  readonly path?: string
  /** Made from what a real login was given: the cookie's value, or the token. */
  readonly lines: (credential: string) => Lines
  readonly body?: string
  /** What it may be answered with: never anything else, and never 2xx. */
  readonly statuses: readonly number[]
}

const cookie = (value: string): Lines => ['cookie', `stillin_session=${value}`]
const bearer = (value: string): Lines => ['authorization', `Bearer ${value}`]
const JSON_TYPE: Lines = ['content-type', 'application/json']
const CSRF: Lines = ['x-csrf', '1']
const TRANSFER = JSON.stringify({ amount: 1, password: LAB.password })
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

function changed(text: string, index: number): string {
  return text.slice(0, index) + (text[index] === 'A' ? 'B' : 'A') + text.slice(index + 1)
}
function signedWith(key: string, header: object, token: string): string {
  const input = `${encode(header)}.${token.split('.')[1]}`
  return `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`
}
/** The same token in another spelling: the last character carries bits that nobody reads. */
function respelled(token: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const last = alphabet.indexOf(token.at(-1) ?? '')
  return token.slice(0, -1) + alphabet[last + 1 - 2 * (last % 2)]
}
/** The same cookie for the administrator, whether its parts are text or base64. */
function renamed(value: string): string {
  const parts = decodeURIComponent(value).split('.')
  const other = (text: string) => text.replace('user-2', 'user-1')
  return parts
    .map((part) => {
      const text = Buffer.from(part, 'base64url').toString()
      return text.includes('user-2') ? Buffer.from(other(text)).toString('base64url') : other(part)
    })
    .join('.')
}
function escalated(token: string): string {
  const [head, payload = '', signature] = token.split('.')
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object
  return `${head}.${encode({ ...claims, role: 'admin' })}.${signature}`
}

const IN_COOKIES: readonly Attack[] = (['local', 'cookie'] as const).flatMap((mode): Attack[] => [
  { name: 'a character changed', mode, lines: (real) => cookie(changed(real, 20)), statuses: [401] },
  {
    name: 'another user’s name',
    mode,
    lines: (real) => cookie(renamed(real)),
    statuses: [401],
  },
  {
    name: 'no signature',
    mode,
    lines: (real) => cookie(real.slice(0, real.lastIndexOf('.'))),
    statuses: [401],
  },
  {
    name: 'a signature of nothing',
    mode,
    lines: (real) => cookie(real.replace(/\.[^.]*$/, '.')),
    statuses: [401],
  },
  { name: 'the cookie as a bearer token', mode, lines: (real) => bearer(real), statuses: [401] },
  {
    name: 'the cookie under the affinity cookie’s name',
    mode,
    lines: (real) => ['cookie', `stillin_affinity=${real}`],
    statuses: [401],
  },
  {
    name: 'the credential in the URL',
    mode,
    path: '/me?stillin_session=REAL',
    lines: () => [],
    statuses: [401],
  },
  {
    name: 'a logout without the header of its own',
    mode,
    method: 'POST',
    path: '/logout',
    lines: cookie,
    statuses: [403],
  },
  {
    name: 'a transfer without it',
    mode,
    method: 'POST',
    path: '/transfer',
    lines: (real) => [...cookie(real), ...JSON_TYPE],
    body: TRANSFER,
    statuses: [403],
  },
  {
    name: 'a transfer as a form',
    mode,
    method: 'POST',
    path: '/transfer',
    lines: (real) => [...cookie(real), 'content-type', 'application/x-www-form-urlencoded'],
    body: 'amount=1',
    statuses: [415],
  },
  {
    name: 'a transfer as text',
    mode,
    method: 'POST',
    path: '/transfer',
    lines: (real) => [...cookie(real), 'content-type', 'text/plain'],
    body: TRANSFER,
    statuses: [415],
  },
  {
    name: 'a logout by GET',
    mode,
    path: '/logout',
    lines: (real) => [...cookie(real), ...CSRF],
    statuses: [404, 405],
  },
  {
    name: 'a body that reaches for the prototype',
    mode,
    method: 'PUT',
    path: '/me/data',
    lines: (real) => [...cookie(real), ...CSRF, ...JSON_TYPE],
    body: '{"__proto__":{"admin":true}}',
    statuses: [400],
  },
  {
    name: 'a transfer with a member nobody asked for',
    mode,
    method: 'POST',
    path: '/transfer',
    lines: (real) => [...cookie(real), ...CSRF, ...JSON_TYPE],
    body: '{"amount":1,"password":"x","admin":true}',
    statuses: [400],
  },
  {
    name: 'a body of 2 MB',
    mode,
    method: 'PUT',
    path: '/me/data',
    lines: (real) => [...cookie(real), ...CSRF, ...JSON_TYPE],
    body: `{"a":"${'x'.repeat(2 * 1024 * 1024)}"}`,
    statuses: [413],
  },
])
const IN_TOKENS: readonly Attack[] = [
  { name: 'a role of its own making', lines: (real: string) => bearer(escalated(real)) },
  {
    name: 'alg none',
    lines: (real: string) => bearer(`${encode({ alg: 'none', typ: 'at+jwt' })}.${real.split('.')[1]}.`),
  },
  {
    name: 'a key of its own',
    lines: (real: string) =>
      bearer(signedWith('x'.repeat(32), { alg: 'HS256', typ: 'at+jwt', kid: 'k1' }, real)),
  },
  {
    name: 'an empty key',
    lines: (real: string) => bearer(signedWith('', { alg: 'HS256', typ: 'at+jwt' }, real)),
  },
  {
    name: 'a key that it brings along',
    lines: (real: string) =>
      bearer(signedWith('mine', { alg: 'HS256', typ: 'at+jwt', jwk: { kty: 'oct', k: 'bWluZQ' } }, real)),
  },
  { name: 'another spelling of itself', lines: (real: string) => bearer(respelled(real)) },
  { name: 'padding', lines: (real: string) => bearer(`${real}=`) },
  { name: 'two tokens', lines: (real: string) => [...bearer(real), ...bearer(real)], statuses: [400, 401] },
  { name: 'another scheme', lines: (real: string) => ['authorization', `Basic ${real}`] },
  { name: 'the token in a cookie', lines: (real: string) => cookie(real) },
  { name: 'the token in the URL', path: '/me?access_token=REAL', lines: () => [] },
].map((attack) => ({ statuses: [401], ...attack, mode: 'jwt' as const }))
const ATTACKS = [...IN_COOKIES, ...IN_TOKENS]

function send(base: string, attack: Attack, credential: string): Promise<Answer> {
  const { method = 'GET', path = '/me', lines, body } = attack
  const url = new URL(path.replace('REAL', encodeURIComponent(credential)), base)
  const length = method === 'GET' ? [] : ['content-length', String(Buffer.byteLength(body ?? ''))]
  const headers = ['host', url.host, ...lines(credential), ...length]
  return new Promise((resolve, reject) => {
    let isAnswered = false
    const sent = request(url, { method, headers, agent: false }, async (response) => {
      isAnswered = true
      let text = ''
      for await (const chunk of response) text += String(chunk)
      const { 'set-cookie': setCookie = [], 'cache-control': cacheControl } = response.headers
      resolve({ status: response.statusCode ?? 0, setCookie, cacheControl, body: text })
    })
    // A body that is too long is not read to its end: writing on may fail after the answer.
    sent.on('error', (error) => isAnswered || reject(error))
    sent.setTimeout(10_000, () => sent.destroy(new Error('no answer')))
    sent.end(body)
  })
}

describe.each(['http-proxy', 'undici'] as const)('attacks on a cluster behind %s', (forwarder) => {
  let cluster: RunningCluster
  beforeAll(async () => {
    cluster = await startCluster({ mode: 'local', nodes: 2, forwarder })
  })
  afterAll(() => cluster?.[Symbol.asyncDispose]())

  /** A real login at the entrance itself: what is refused is refused for what it is, not for where it came from. */
  async function loggedIn(mode: ModeName, base: string): Promise<string> {
    const target = stillinTarget(MODES[mode], base, [])
    const client = createClient(target, 'user-2', LAB.password)
    const login = client.request('login')
    if (login === undefined) throw new Error('no login')
    const answer = await sendOnce(base, login, { timeoutMs: 5_000 })
    if (answer.kind !== 'answer' || answer.status !== 200) throw new Error('the login failed')
    client.absorb(answer.setCookies, answer.body)
    const { headers } = client.credential()
    return (
      headers['authorization']?.replace('Bearer ', '') ??
      /stillin_session=([^;]*)/.exec(headers['cookie'] ?? '')?.[1] ??
      ''
    )
  }

  it.each(['local', 'cookie', 'jwt'] as const)('get nobody in, in %s, at any entrance', async (mode) => {
    await cluster.setMode(mode)
    const entrances = [
      ...cluster.nodes().map(({ id, url }) => ({ id, url })),
      { id: 'proxy', url: cluster.proxy.url },
    ]
    for (const { id, url } of entrances) {
      const credential = await loggedIn(mode, url)
      expect(credential).not.toBe('')
      for (const attack of ATTACKS.filter((one) => one.mode === mode)) {
        const answer = await send(url, attack, credential)
        const what = `${attack.name}, at ${id}`
        expect([what, attack.statuses.includes(answer.status) ? 'refused' : answer]).toEqual([
          what,
          'refused',
        ])
        expect([what, answer.setCookie]).toEqual([what, []])
        expect([what, answer.body.includes(credential)]).toEqual([what, false])
        expect([what, /\n\s+at |node_modules|\.ts:/.test(answer.body)]).toEqual([what, false])
      }
    }
  })
})

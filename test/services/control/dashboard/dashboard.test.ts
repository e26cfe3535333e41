import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type DashboardState, VISITOR_ACTIONS } from '#contract/dashboard.ts'
import { HEALTHY_LINK } from '#contract/links.ts'
import { type ClusterView, createClusterView } from '#services/control/cluster-view.ts'
import { createControl } from '#services/control/control.ts'
import { buildControlServer } from '#services/control/control-server.ts'
import { createDashboard, type Dashboard } from '#services/control/dashboard/dashboard.ts'
import { createPartReader } from '#services/control/dashboard/part-reader.ts'
import { createPartClient } from '#services/control/part-client.ts'
import { freshKeyRing } from '../../auth/keys.ts'
import { ADMIN_TOKEN, type TestNode, testNode } from '../../auth/test-node.ts'
import { part } from '../parts.ts'

const AUTHORIZED = { authorization: 'Bearer secret' }
let node: TestNode
let dashboard: Dashboard
let view: ClusterView
let server: FastifyInstance
beforeEach(async () => {
  node = await testNode({}, freshKeyRing())
  const { url, adminUrl } = node
  view = createClusterView('local', true)
  const control = createControl({
    view,
    client: createPartClient(ADMIN_TOKEN, 5_000),
    supervisor: undefined,
  })
  dashboard = createDashboard({ control, reader: createPartReader(ADMIN_TOKEN, 1_000) })
  // One node that is its own way in, and one that is dead.
  await control.observe([
    { ...part('node-1'), url, adminUrl },
    { ...part('proxy'), url },
    part('node-2', 'stopped'),
  ])
  server = buildControlServer({ control, token: 'secret', logLevel: 'silent', dashboard })
})
afterEach(async () => {
  await dashboard[Symbol.asyncDispose]()
  await server.close()
  await node[Symbol.asyncDispose]()
})

const act = (action: string, headers = {}) =>
  server.inject({
    method: 'POST',
    url: `/dashboard/visitor/${action}`,
    headers: { ...AUTHORIZED, ...headers },
  })
async function state(since = 0): Promise<DashboardState> {
  return (await server.inject({ url: `/dashboard/state?since=${since}`, headers: AUTHORIZED })).json()
}
const answers = async () => (await state()).visitor.credentials[0]?.answers.map(({ answer }) => answer)

describe('the dashboard’s page', () => {
  it('is served without the token, may load nothing from elsewhere, and holds no secret', async () => {
    const page = await server.inject({ url: '/' })
    expect(page.statusCode).toBe(200)
    expect(page.headers['content-security-policy']).toContain("default-src 'none'")
    expect(page.body).not.toContain('secret')
    expect(page.body).not.toMatch(/(src|href)="(https?:)?\/\//)
  })

  it('finds every script and style that it names', async () => {
    const seen = new Set<string>()
    const queue = ['/']
    for (let url = queue.pop(); url !== undefined; url = queue.pop()) {
      const file = await server.inject({ url })
      expect([url, file.statusCode]).toEqual([url, 200])
      seen.add(url)
      for (const [, name] of file.body.matchAll(/"\/page\/([a-z-]+\.(?:js|css))"|from '\.\/([a-z-]+\.js)'/g))
        if (name !== undefined && !seen.has(`/page/${name}`)) queue.push(`/page/${name}`)
      for (const [, name] of file.body.matchAll(/from '\.\/([a-z-]+\.js)'/g))
        if (!seen.has(`/page/${name}`)) queue.push(`/page/${name}`)
    }
    expect(seen).toContain('/page/tour-texts.js')
  })

  it.each(['/page/..%2fdashboard.ts', '/page/index.html', '/page/none.js', '/page/%2e%2e/main.ts'])(
    'gives out no other file: %s',
    async (url) => {
      expect((await server.inject({ url })).statusCode).toBe(404)
    },
  )
})

describe('the dashboard’s API', () => {
  it.each([
    ['GET', '/dashboard/about'],
    ['GET', '/dashboard/state'],
    ['PUT', '/dashboard/load'],
    ['POST', '/dashboard/people/login'],
    ...VISITOR_ACTIONS.map((action) => ['POST', `/dashboard/visitor/${action}`] as const),
  ] as const)('refuses %s %s without the token', async (method, url) => {
    expect((await server.inject({ method, url })).statusCode).toBe(401)
  })

  it.each([
    ['an origin of its own', { origin: 'http://evil.example' }],
    ['another port', { origin: 'http://localhost:1' }],
    ['no origin', { origin: 'null' }],
    ['the browser’s own word', { 'sec-fetch-site': 'cross-site' }],
  ])('refuses a state change by a foreign page, known by %s', async (_how, headers) => {
    expect((await act('login', headers)).statusCode).toBe(403)
  })

  it('takes a state change from its own page', async () => {
    const own = { host: 'localhost:80', origin: 'http://localhost:80', 'sec-fetch-site': 'same-origin' }
    expect((await act('login', own)).statusCode).toBe(200)
  })

  it('shows each node’s answer to the visitor’s login, before and after the logout', async () => {
    expect((await act('login')).json()).toEqual({ text: 'login: 200 by node-1' })
    await expect.poll(answers, { timeout: 5_000 }).toEqual(['in', 'dead'])
    expect((await act('logout')).statusCode).toBe(200)
    await expect.poll(answers, { timeout: 5_000 }).toEqual(['out', 'dead'])
    const [credential] = (await state()).visitor.credentials
    expect(credential?.ended).toMatchObject({ how: 'logout', declared: 'by-chance' })
    expect(credential?.answers[0]?.lastInAtMs).toBeLessThanOrEqual(credential?.ended?.atMs ?? 0)
  })

  it('says that a banned visitor cannot log in, and lets the visitor back in afterwards', async () => {
    await act('login')
    expect((await act('ban')).json()).toEqual({ text: 'user-1: ban' })
    expect([(await act('login')).statusCode, (await state()).visitor.credentials.length]).toEqual([409, 1])
    await act('unban')
    expect((await act('login')).statusCode).toBe(200)
  })

  it('goes on with the new password after a change, and back', async () => {
    await act('login')
    for (const _turn of ['changed', 'back']) {
      expect((await act('password')).statusCode).toBe(200)
      expect((await act('login')).statusCode).toBe(200)
    }
  })

  it('asks for a login first', async () => {
    for (const action of ['ask', 'logout', 'logout-all', 'password'])
      expect((await act(action)).json()).toMatchObject({ message: 'log in first' })
  })

  it('drives load in the names of people it logged in, and counts those let in', async () => {
    const put = (ratePerS: number) =>
      server.inject({ method: 'PUT', url: '/dashboard/load', headers: AUTHORIZED, payload: { ratePerS } })
    expect((await put(50)).statusCode).toBe(400)
    expect((await put(100)).statusCode).toBe(200)
    const lookFor = async () => (await state()).samples.some(({ okPerS }) => okPerS > 0)
    await expect.poll(lookFor, { timeout: 10_000 }).toBe(true)
    const seen = await state()
    expect(seen.people).toMatchObject({ count: 10, in: 10, lost: 0 })
    expect(seen.samples.every(({ failedPerS, refusedPerS }) => failedPerS + refusedPerS === 0)).toBe(true)
    expect((await put(0)).statusCode).toBe(200)
    expect((await state()).load.ratePerS).toBe(0)
  })

  it('shows no rate that it does not send: load without anybody logged in is off, and says why', async () => {
    const put = (ratePerS: number) =>
      server.inject({ method: 'PUT', url: '/dashboard/load', headers: AUTHORIZED, payload: { ratePerS } })
    await put(20)
    // Those who are logged in are of another mode, and no node is there to log anybody in.
    view.update([part('node-1', 'stopped'), part('proxy')])
    view.commit('jwt', 2)
    await expect.poll(async () => (await state()).load.ratePerS, { timeout: 10_000 }).toBe(0)
    const seen = await state()
    expect(seen.people).toMatchObject({ count: 0, loggedInAtMs: null })
    expect(seen.events.map(({ text }) => text)).toContain(
      'the load stopped: no node could log the people of the load in',
    )
  })

  it('goes on looking while nodes take their time to log the people of the load in', async () => {
    const reader = createPartReader(ADMIN_TOKEN, 1_000)
    let seed = reader.seed
    const control = createControl({
      view,
      client: createPartClient(ADMIN_TOKEN, 5_000),
      supervisor: undefined,
    })
    await using slow = createDashboard({ control, reader: { ...reader, seed: (...call) => seed(...call) } })
    await slow.setRate(20)
    seed = () => new Promise(() => {})
    view.commit('jwt', 2)
    await expect.poll(() => slow.state(0).people.count, { timeout: 5_000 }).toBe(0)
    const seen = slow.state(0).samples.length
    await expect.poll(() => slow.state(0).samples.length, { timeout: 10_000 }).toBeGreaterThan(seen + 1)
  })

  it('names the login that it asks with, which is not the newest where that one was ended', async () => {
    await act('login')
    await act('login')
    await act('logout')
    expect((await act('ask')).json().text).toBe('asked who I am with login 1: 200 by node-1')
    expect((await state()).visitor.asks.map(({ credential }) => credential)).toEqual([1])
  })

  it('ends no login of another mode by logging out everywhere', async () => {
    await act('login')
    const [first] = (await state()).visitor.credentials
    expect(first?.mode).toBe('local')
    await node.switchTo('jwt', 2)
    view.commit('jwt', 2)
    await act('login')
    expect((await act('logout-all')).statusCode).toBe(200)
    const { credentials } = (await state()).visitor
    expect(credentials.map(({ mode, ended }) => [mode, ended?.how])).toEqual([
      ['jwt', 'log out everywhere'],
      ['local', undefined],
    ])
  })

  it('answers only what is newer than the number it is asked with', async () => {
    await act('login')
    const { seq, events } = await state()
    expect(events.at(-1)?.text).toBe('login: 200 by node-1')
    expect((await state(seq)).events).toEqual([])
    const bad = await server.inject({ url: '/dashboard/state?since=-1', headers: AUTHORIZED })
    expect(bad.statusCode).toBe(400)
  })
})

it('writes what became of a link into the event log, and takes it for the fault that people are counted from', async () => {
  const way = { from: 'node-1', to: 'redis', port: 1 }
  view.setLinks([{ ...way, condition: HEALTHY_LINK }])
  dashboard.notice()
  expect((await state()).fault).toBeNull()
  view.setLinks([{ ...way, condition: { ...HEALTHY_LINK, delayMs: 50 } }])
  dashboard.notice()
  view.setLinks([{ ...way, condition: HEALTHY_LINK }])
  dashboard.notice()
  const { events, fault } = await state()
  expect(events.map(({ text }) => text)).toEqual([
    'node-1 → redis: 50 ms more a round trip',
    'node-1 → redis: healthy',
  ])
  expect(fault).toMatchObject({ part: 'redis', what: 'slowed' })
})

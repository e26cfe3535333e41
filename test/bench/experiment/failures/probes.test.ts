import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { checkCanaries, forge } from '#bench/experiment/costs/canaries.ts'
import { surveyHoldings } from '#bench/experiment/costs/survey.ts'
import { probeRevocation } from '#bench/experiment/failures/revocation-probe.ts'
import { MODES } from '#contract/modes.ts'
import type { Credential } from '#contract/node-admin.ts'
import { stillinTarget, type Target } from '#contract/target.ts'

type Handler = (request: IncomingMessage, response: ServerResponse) => void

async function serve(handler: Handler) {
  const server = createServer(handler)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, [Symbol.asyncDispose]: async () => void server.close() }
}

function answer(
  response: ServerResponse,
  status: number,
  body: unknown = { error: 'unauthorized', reason: 'unknown' },
) {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(status === 204 ? undefined : JSON.stringify(body))
}

function credential(userId: string): Credential {
  return { userId, headers: { cookie: `stillin_session=${userId}.0123456789abcdef` } }
}

function target(urls: readonly string[]): Target {
  const nodes = urls.map((url, index) => ({ id: `node-${index + 1}`, url }))
  return stillinTarget(MODES.redis, urls[0] ?? '', nodes)
}

const userOf = (request: IncomingMessage) =>
  /stillin_session=([^.]+)\.0123456789abcdef/.exec(request.headers.cookie ?? '')?.[1]

describe('a survey', () => {
  it('knows who accepts whom, and takes a success that names somebody else for no acceptance', async () => {
    await using honest = await serve((request, response) => answer(response, 200, { id: userOf(request) }))
    await using liar = await serve((_, response) => answer(response, 200, { id: 'user-9' }))
    await using strict = await serve((_, response) => answer(response, 401))
    const holdings = await surveyHoldings(target([honest.url, liar.url, strict.url]), [credential('user-1')])
    expect(holdings).toEqual([{ userId: 'user-1', acceptedBy: ['node-1'], unclearAt: ['node-2'] }])
  })
})

describe('the canaries', () => {
  it('pass an honest server and fail one that says yes to everybody', async () => {
    await using honest = await serve((request, response) => {
      const user = userOf(request)
      answer(response, user === undefined ? 401 : 200, user === undefined ? undefined : { id: user })
    })
    await using yesman = await serve((_, response) => answer(response, 200, { id: 'user-1' }))
    const pair = [credential('user-1'), credential('user-2')] as const
    const passed = await checkCanaries(target([honest.url]), MODES.redis, honest.url, pair)
    expect(passed).toMatchObject({ ok: true, voids: 'run', arm: 'redis' })
    const failed = await checkCanaries(target([yesman.url]), MODES.redis, yesman.url, pair)
    expect(failed).toMatchObject({ ok: false })
    expect(failed.detail).toContain('user-2 → 200 user-1')
  })

  it('forge a signature and leave everything else alone', () => {
    const forged = forge(credential('user-1')).headers['cookie']
    expect(forged).not.toBe(credential('user-1').headers['cookie'])
    expect(forged).toHaveLength(credential('user-1').headers['cookie']?.length ?? 0)
    expect(forged?.startsWith('stillin_session=user-1.0123456789')).toBe(true)
  })

  it('forge the session and not the affinity cookie behind it', () => {
    const headers = { cookie: 'stillin_session=abc.0123456789; stillin_affinity=xyz.0123456789' }
    const forged = forge({ userId: 'u', headers }).headers['cookie']
    expect(forged?.endsWith('; stillin_affinity=xyz.0123456789')).toBe(true)
    expect(forged).not.toBe(headers.cookie)
  })
})

describe.concurrent('the probe of revocations', () => {
  const options = { credentialLifetimeS: 5, watchMs: 400 }

  it('gives no time for a logout that held at once', async () => {
    const out = new Set<string>()
    await using node = await serve((request, response) => {
      const user = userOf(request) ?? ''
      if (request.url === '/logout') out.add(user)
      answer(response, request.url === '/logout' ? 204 : out.has(user) ? 401 : 200, { id: user })
    })
    const probe = await probeRevocation(target([node.url]), [credential('user-1')], options)
    expect(probe).toMatchObject({ probes: 1, acknowledged: 1, lagsMs: [0], unfinished: 0 })
  })

  it('times how long one of the nodes went on accepting', async () => {
    let until = 0
    await using first = await serve((request, response) => {
      if (request.url === '/logout') until = performance.now() + 150
      answer(response, request.url === '/logout' ? 204 : 401)
    })
    await using second = await serve((request, response) =>
      answer(response, performance.now() < until ? 200 : 401, { id: userOf(request) }),
    )
    const probe = await probeRevocation(target([first.url, second.url]), [credential('user-1')], options)
    expect(probe.unfinished).toBe(0)
    expect(probe.lagsMs[0]).toBeGreaterThan(50)
    expect(probe.lagsMs[0]).toBeLessThan(160)
  })

  it('takes a refusal in another mode for no end: the credential is good again when its own mode is back', async () => {
    let outMs = 0
    await using node = await serve((request, response) => {
      if (request.url === '/logout') outMs = performance.now()
      const sinceMs = performance.now() - outMs
      const isAway = sinceMs > 40 && sinceMs < 160
      response.setHeader('x-stillin-mode', isAway ? 'cookie@8' : 'redis@7')
      if (request.url === '/logout') return answer(response, 204)
      const isIn = !isAway && sinceMs < 400
      answer(response, isIn ? 200 : 401, isIn ? { id: userOf(request) } : { reason: 'absent' })
    })
    const watch = { ...options, watchMs: 700 }
    const probe = await probeRevocation(target([node.url]), [credential('user-1')], watch)
    expect(probe).toMatchObject({ unfinished: 0 })
    expect(probe).not.toHaveProperty('unclear')
    expect(probe.lagsMs[0]).toBeGreaterThan(160)
  })

  it('asks about each from its own acknowledgement on, while others still log out', async () => {
    const outMs = new Map<string, number>()
    await using node = await serve(async (request, response) => {
      const user = userOf(request) ?? ''
      if (request.url === '/logout') {
        await sleep(200)
        outMs.set(user, performance.now())
        return answer(response, 204)
      }
      const isIn = performance.now() - (outMs.get(user) ?? 0) < 180
      answer(response, isIn ? 200 : 401, { id: user })
    })
    const credentials = ['user-1', 'user-2', 'user-3'].map(credential)
    const probe = await probeRevocation(target([node.url]), credentials, options)
    expect(probe.lagsMs.map((lagMs) => lagMs > 0 && lagMs <= 180)).toEqual([true, true, true])
    expect(probe.gapMs).toBeGreaterThan(0)
    expect(probe.gapMs).toBeLessThan(400)
  })

  it('sees a credential that is accepted again after every node had refused it', async () => {
    let outMs = 0
    await using node = await serve((request, response) => {
      if (request.url === '/logout') outMs = performance.now()
      const sinceMs = performance.now() - outMs
      const isIn = sinceMs > 200 && sinceMs < 600
      answer(response, request.url === '/logout' ? 204 : isIn ? 200 : 401, { id: userOf(request) })
    })
    const probe = await probeRevocation(target([node.url]), [credential('user-1')], {
      ...options,
      watchMs: 900,
    })
    expect(probe).toMatchObject({ unfinished: 0 })
    expect(probe.lagsMs[0]).toBeGreaterThan(200)
  })

  it('says of a credential that never was refused that it was still accepted', async () => {
    await using node = await serve((request, response) =>
      answer(response, request.url === '/logout' ? 204 : 200, { id: userOf(request) }),
    )
    const probe = await probeRevocation(target([node.url]), [credential('user-1')], options)
    expect(probe).toMatchObject({ acknowledged: 1, unfinished: 1 })
  })

  it('does not call accepted what a node that cannot tell never refused', async () => {
    await using first = await serve((request, response) =>
      answer(response, request.url === '/logout' ? 204 : 401),
    )
    await using second = await serve((_, response) => answer(response, 503))
    const probe = await probeRevocation(target([first.url, second.url]), [credential('user-1')], options)
    expect(probe).toMatchObject({ acknowledged: 1, lagsMs: [0], unfinished: 0, unclear: 1 })
  })

  it('does not time a logout that was refused', async () => {
    await using node = await serve((_, response) => answer(response, 401))
    const probe = await probeRevocation(target([node.url]), [credential('user-1')], options)
    expect(probe).toMatchObject({ probes: 1, acknowledged: 0, lagsMs: [] })
  })
})

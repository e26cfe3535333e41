import { type AddressInfo, connect } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MODE_NAMES } from '#contract/modes.ts'
import { createClusterView } from '#services/control/cluster-view.ts'
import { createControl } from '#services/control/control.ts'
import { buildControlServer } from '#services/control/control-server.ts'
import { fakeParts, part } from './parts.ts'

const AUTHORIZED = { authorization: 'Bearer secret' }
let server: FastifyInstance
beforeEach(async () => {
  const control = createControl({
    view: createClusterView('local', false),
    client: fakeParts(),
    supervisor: undefined,
  })
  await control.observe([part('node-1'), part('proxy')])
  server = buildControlServer({ control, token: 'secret', logLevel: 'silent' })
})
afterEach(() => server.close())

describe('control’s API', () => {
  it('answers the cluster’s state', async () => {
    const answer = await server.inject({ url: '/cluster', headers: AUTHORIZED })
    expect(answer.json()).toMatchObject({ mode: 'local', generation: 1, canSignal: false })
    expect(answer.json().parts.map(({ id }: { id: string }) => id)).toEqual(['node-1', 'proxy'])
  })

  it.each([
    ['GET', '/cluster'],
    ['PUT', '/mode'],
    ['PUT', '/renewal'],
    ['POST', '/parts/node-1/kill'],
    ['POST', '/users/user-2/ban'],
    ['POST', '/users/user-2/role'],
    ['POST', '/shutdown'],
  ] as const)('refuses %s %s without the token, and with a wrong one', async (method, url) => {
    for (const headers of [{}, { authorization: 'Bearer wrong' }, { authorization: 'secret' }]) {
      expect((await server.inject({ method, url, headers })).statusCode).toBe(401)
    }
  })

  it('refuses a link whose condition is no condition, naming the field', async () => {
    for (const payload of [{ delayMs: -1 }, { delayMs: '5' }, { slow: true }]) {
      const call = { method: 'PUT', url: '/links/node-1/redis', headers: AUTHORIZED, payload } as const
      const answer = await server.inject(call)
      expect(answer.statusCode).toBe(400)
      expect(answer.json().message).toMatch(/delayMs|slow/)
    }
  })

  it('says that it lives without a token', async () => {
    expect((await server.inject({ url: '/livez' })).statusCode).toBe(200)
  })

  it('switches the mode', async () => {
    const answer = await server.inject({
      method: 'PUT',
      url: '/mode',
      headers: AUTHORIZED,
      payload: { mode: 'jwt' },
    })
    expect([answer.statusCode, answer.json()]).toEqual([200, { mode: 'jwt', generation: 2 }])
  })

  it('sets how logins last, and refuses what is no way of that by its field', async () => {
    const put = (payload: object) =>
      server.inject({ method: 'PUT', url: '/renewal', headers: AUTHORIZED, payload })
    const answer = await put({ renewal: 'pair', refresh: 'stateless' })
    expect([answer.statusCode, answer.json()]).toEqual([200, { renewal: 'pair', refresh: 'stateless' }])
    for (const wrong of [{}, { renewal: 'often' }, { renewal: 'pair', refresh: 'nowhere' }]) {
      const refused = await put(wrong)
      expect([refused.statusCode, refused.json().message]).toEqual([
        400,
        expect.stringMatching(/renewal|refresh/),
      ])
    }
  })

  it('refuses a mode that does not exist, naming the field and those that do', async () => {
    const answer = await server.inject({
      method: 'PUT',
      url: '/mode',
      headers: AUTHORIZED,
      payload: { mode: 'nope' },
    })
    expect(answer.statusCode).toBe(400)
    expect(answer.json()).toMatchObject({
      field: 'mode',
      message: `mode: there is no mode "nope"; there are ${MODE_NAMES.join(', ')}`,
    })
  })

  it.each([
    ['no mode', '{}'],
    ['an unknown field', '{"mode":"jwt","force":true}'],
    ['a number', '{"mode":7}'],
    ['a broken body', '{"mode":'],
    ['a list', '["jwt"]'],
  ])('refuses %s with 400', async (_what, payload) => {
    const headers = { ...AUTHORIZED, 'content-type': 'application/json' }
    const answer = await server.inject({ method: 'PUT', url: '/mode', headers, payload })
    expect([answer.statusCode, answer.json().error]).toEqual([400, 'bad_request'])
  })

  it('refuses a body of 2 MB with 413', async () => {
    const payload = { mode: 'x'.repeat(2_000_000) }
    const answer = await server.inject({ method: 'PUT', url: '/mode', headers: AUTHORIZED, payload })
    expect(answer.statusCode).toBe(413)
  })

  it.each([
    ['PUT', '/mode', {}, 'mode', 'mode is missing'],
    ['PUT', '/mode', { mode: 7 }, 'mode', 'mode must be string'],
    ['PUT', '/mode', { mode: 'jwt', force: true }, 'force', 'force is no field of this request'],
    ['PUT', '/mode', ['jwt'], undefined, 'the body must be object'],
    ['PUT', '/links/node-1/redis', { delayMs: -1 }, 'delayMs', 'delayMs must be >= 0'],
    ['PUT', '/renewal', { renewal: 'x' }, 'renewal', 'renewal must be one of fixed, rolling, pair'],
    ['POST', '/users/user-2/role', { role: 'king' }, 'role', 'role must be one of user, admin'],
  ] as const)(
    '%s %s %j names the field and what it must be',
    async (method, url, payload, field, message) => {
      const answer = await server.inject({ method, url, headers: AUTHORIZED, payload: payload as object })
      expect([answer.statusCode, answer.json()]).toEqual([
        400,
        { error: 'bad_request', ...(field === undefined ? {} : { field }), message },
      ])
    },
  )

  it('answers a form and an address that cannot be decoded in the same shape', async () => {
    const form = { ...AUTHORIZED, 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await server.inject({ method: 'PUT', url: '/mode', headers: form, payload: 'mode=jwt' })
    expect([answer.statusCode, answer.json()]).toEqual([
      415,
      { error: 'unsupported_media_type', message: 'bodies are application/json' },
    ])
    const undecodable = await server.inject({ url: '/parts/%zz', headers: AUTHORIZED })
    expect([undecodable.statusCode, undecodable.json()]).toEqual([
      400,
      { error: 'bad_request', message: 'the address cannot be decoded' },
    ])
  })

  it.each([
    [`GET /livez HTTP/1.1\r\nhost: a\r\nx: ${'a'.repeat(40_000)}\r\n\r\n`, 431, 'header_too_large'],
    ['HELLO\r\n\r\n', 400, 'bad_request'],
  ])('answers what no request can be read from in the same shape', async (text, status, error) => {
    await server.listen({ port: 0, host: '127.0.0.1' })
    const { port } = server.server.address() as AddressInfo
    const socket = connect(port, '127.0.0.1')
    socket.setTimeout(10_000, () => socket.destroy(new Error('no answer')))
    socket.write(text)
    let received = ''
    for await (const chunk of socket) received += String(chunk)
    const [head = '', body = ''] = received.split('\r\n\r\n')
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(JSON.parse(body)).toEqual({ error, message: expect.any(String) })
  })

  it('passes on why something was not done', async () => {
    const answer = await server.inject({ method: 'POST', url: '/parts/node-1/kill', headers: AUTHORIZED })
    expect([answer.statusCode, answer.json().error]).toEqual([409, 'not_done'])
  })

  it('drains a node', async () => {
    const answer = await server.inject({ method: 'POST', url: '/parts/node-1/drain', headers: AUTHORIZED })
    expect(answer.statusCode).toBe(204)
  })

  it('answers 404 elsewhere', async () => {
    const answer = await server.inject({ url: '/nowhere', headers: AUTHORIZED })
    expect([answer.statusCode, answer.json().message]).toEqual([
      404,
      'there is nothing at this address that answers GET',
    ])
  })
})

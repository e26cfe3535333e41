import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { demandTelling } from '#bench/experiment/foreign/still-in.ts'
import type { Target } from '#contract/target.ts'

const ANN = { userId: 'ann', headers: { cookie: 'sid=1' } }

/** What the lookup of such a service makes of it: accepted, or the message. */
async function verdictOn(answer: (isIn: boolean) => [status: number, body: unknown]): Promise<string> {
  const respond = (request: IncomingMessage, response: ServerResponse) => {
    const [status, body] = answer(request.headers.cookie === 'sid=1')
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }
  const server = createServer(respond)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const lookup = { method: 'GET', path: '/me', headers: {} } as const
  const target: Target = {
    name: 'shop',
    url,
    nodes: [{ id: 'a', url }],
    requests: { login: lookup, lookup },
    credential: { cookies: 'all' },
    userMember: '/user',
    statuses: { in: [200], out: [302] },
  }
  try {
    await demandTelling(target, ANN)
    return 'accepted'
  } catch (error) {
    expect(error).toMatchObject({ name: 'StillinError', exitCode: 2 })
    return (error as Error).message
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

it.each([
  ['tells people apart', (isIn: boolean) => (isIn ? [200, { user: 'ann' }] : [302, '']), /^accepted$/],
  ['names nobody without a login', (isIn: boolean) => [200, { user: isIn ? 'ann' : null }], /^accepted$/],
  [
    'lets everybody in',
    () => [200, { user: 'guest' }],
    /without a login the lookup is answered with neither/,
  ],
  ['answers what the file does not know', () => [404, {}], /answered with neither in nor out/],
  ['lets nobody in', () => [302, ''], /no place accepts the login of ann/],
  [
    'names somebody else',
    (isIn: boolean) => (isIn ? [200, { user: 'bea' }] : [302, '']),
    /lets ann in and does not name them at \/user/,
  ],
] as [string, (isIn: boolean) => [number, unknown], RegExp][])(
  'a lookup that %s is found out before anything is measured',
  async (_what, answer, message) => {
    expect(await verdictOn(answer)).toMatch(message)
  },
)

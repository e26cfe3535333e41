import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

/**
 * Somebody's own service, as plain as they come, with routes, cookies and answers that are none of stillin's.
 * `sessions`: a form login and a session in this process's memory. `tokens`: an HMAC token that every process can check.
 */
const [, , kind = 'sessions', id = 'a', port = '0', pidFile = ''] = process.argv
const SECRET = 'open sesame'
const KEY = 'the same in every process'
const sessions = new Map<string, string>()

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text
}

function sign(name: string): string {
  const claims = Buffer.from(JSON.stringify({ name })).toString('base64url')
  return `${claims}.${createHmac('sha256', KEY).update(claims).digest('base64url')}`
}

function nameIn(token: string): string | undefined {
  const [claims = '', signature = ''] = token.split('.')
  const expected = createHmac('sha256', KEY).update(claims).digest()
  const given = Buffer.from(signature, 'base64url')
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined
  return (JSON.parse(Buffer.from(claims, 'base64url').toString()) as { name: string }).name
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

async function withSessions(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
  const sid = /(?:^|; )sid=(\w+)/.exec(request.headers.cookie ?? '')?.[1] ?? ''
  const route = `${request.method} ${request.url}`
  if (route === 'POST /sign-in') {
    const form = new URLSearchParams(await bodyOf(request))
    if (form.get('secret') !== SECRET) return json(response, 422, { problem: 'no' })
    const fresh = randomBytes(12).toString('hex')
    sessions.set(fresh, form.get('login') ?? '')
    const cookies = [`sid=${fresh}; HttpOnly; Path=/`, 'theme=dark; Path=/']
    return response.writeHead(303, { location: '/account', 'set-cookie': cookies }).end()
  }
  if (route === 'DELETE /sign-in') {
    sessions.delete(sid)
    return response.writeHead(204).end()
  }
  const login = sessions.get(sid)
  if (login === undefined) return response.writeHead(303, { location: '/sign-in' }).end()
  return json(response, 200, { account: { login } })
}

async function withTokens(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
  const route = `${request.method} ${request.url}`
  if (route === 'POST /token') {
    const { name = '', secret } = JSON.parse(await bodyOf(request)) as { name?: string; secret?: string }
    if (secret !== SECRET) return json(response, 422, { problem: 'no' })
    return json(response, 201, { data: { token: sign(name) } })
  }
  // Forgotten by the client; nobody else ever knew it.
  if (route === 'POST /sign-out') return json(response, 200, { bye: true })
  const name = nameIn(String(request.headers['x-auth'] ?? '').replace(/^Token /, ''))
  return name === undefined ? json(response, 403, { problem: 'who?' }) : json(response, 200, { name })
}

const server = createServer((request, response) => {
  response.setHeader('x-node', id)
  void (kind === 'sessions' ? withSessions : withTokens)(request, response)
})
server.listen(Number(port), '127.0.0.1', () => {
  writeFileSync(pidFile, String(process.pid))
  // The one who started it waits for this.
  process.send?.('listening')
  process.disconnect?.()
})
// A test that died must not leave it behind.
setTimeout(() => process.exit(1), 120_000)

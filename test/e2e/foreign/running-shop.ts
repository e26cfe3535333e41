import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { freePorts } from '#cluster/free-port.ts'
import { startProxy } from '#cluster/standalone-proxy.ts'

const START = fileURLToPath(new URL('start-node.ts', import.meta.url))
const IDS = ['a', 'b', 'c'] as const

const REQUESTS = {
  sessions: {
    login: {
      method: 'POST',
      path: '/sign-in',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: 'login={username}&secret={password}',
    },
    lookup: { method: 'GET', path: '/account', out: [303], user: '/account/login' },
    logout: { method: 'DELETE', path: '/sign-in' },
  },
  tokens: {
    login: { method: 'POST', path: '/token', body: { name: '{username}', secret: '{password}' } },
    lookup: { method: 'GET', path: '/whoami', out: [403], user: '/name' },
    logout: { method: 'POST', path: '/sign-out' },
  },
} as const

/** Three processes of the shop behind the proxy, and the file that describes them. */
export async function openShop(
  folder: string,
  kind: keyof typeof REQUESTS,
): Promise<{ file: string } & AsyncDisposable> {
  await using stack = new AsyncDisposableStack()
  const ports = await freePorts(IDS.length)
  const nodes = IDS.map((id, place) => ({
    id,
    url: `http://127.0.0.1:${ports[place]}`,
    pidFile: `${id}.pid`,
  }))
  const pidOf = (id: string): number => Number(readFileSync(join(folder, `${id}.pid`), 'utf8'))
  const start = [process.execPath, START, kind, '{id}', '{port}', join(folder, '{id}.pid')]
  await Promise.all(
    IDS.map((id, place) =>
      promisify(execFile)(process.execPath, [
        START,
        kind,
        id,
        String(ports[place]),
        join(folder, `${id}.pid`),
      ]),
    ),
  )
  stack.defer(() => {
    for (const id of IDS) process.kill(pidOf(id), 'SIGKILL')
  })
  const proxy = stack.use(
    await startProxy({
      listen: { host: '127.0.0.1', port: 0 },
      upstreams: nodes,
      balancer: 'round-robin',
      affinity: kind === 'sessions' ? 'cookie' : 'none',
      forwarder: undefined,
      signal: undefined,
    }),
  )
  const signal = (name: string) => ['sh', '-c', `kill -${name} $(cat "$0")`, join(folder, '{id}.pid')]
  const file = join(folder, 'shop.json')
  writeFileSync(
    file,
    JSON.stringify({
      name: `the shop with ${kind}`,
      entrance: proxy.url,
      servedBy: 'X-Node',
      nodes,
      requests: REQUESTS[kind],
      ...(kind === 'tokens' && { token: { pointer: '/data/token', headers: { 'X-Auth': 'Token {token}' } } }),
      users: { pattern: 'person {n} & co', count: 60, password: 'open sesame' },
      commands: { kill: signal('KILL'), start, pause: signal('STOP'), resume: signal('CONT') },
      watchS: 0.6,
    }),
  )
  const owned = stack.move()
  return { file, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

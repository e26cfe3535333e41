import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { createServer } from 'node:net'
import type { LoadClient, LoadPlan } from '#bench/load/plan.ts'

/** One request as the planted server sees it. */
export interface PlantedRequest {
  /** From 0, over all connections. */
  index: number
  /** Whom the request's cookie names. */
  user: string
  head: string
  socket: Socket
  /** Answers with this status and body after so many ms. */
  answer(options?: {
    status?: number
    body?: string
    headers?: Record<string, string>
    afterMs?: number
  }): void
}

/** An HTTP server over bare sockets, so that it can break off wherever a test wants it to. */
export async function plantServer(onRequest: (request: PlantedRequest) => void) {
  const sockets = new Set<Socket>()
  const timers = new Set<NodeJS.Timeout>()
  let requests = 0
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    let received = ''
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1')
      for (let end = received.indexOf('\r\n\r\n'); end >= 0; end = received.indexOf('\r\n\r\n')) {
        const head = received.slice(0, end)
        const bodyLength = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0)
        received = received.slice(end + 4 + bodyLength)
        const user = /(?:^|[=;\s])(user-\d+)/.exec(head)?.[1] ?? 'nobody'
        onRequest({
          index: requests++,
          user,
          head,
          socket,
          answer(options = {}) {
            const send = (): void => void socket.write(renderAnswer(user, options))
            if (!options.afterMs) return send()
            const timer = setTimeout(() => {
              timers.delete(timer)
              send()
            }, options.afterMs)
            timers.add(timer)
          },
        })
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get requests() {
      return requests
    },
    async [Symbol.asyncDispose]() {
      for (const timer of timers) clearTimeout(timer)
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

export function renderAnswer(
  user: string,
  options: { status?: number; body?: string; headers?: Record<string, string> } = {},
): string {
  const body = options.body ?? JSON.stringify({ id: user, role: 'user' })
  const headers = Object.entries({ 'x-served-by': 'node-1', 'x-stillin-mode': 'redis@1', ...options.headers })
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  return `HTTP/1.1 ${options.status ?? 200} Planted\r\n${lines}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}

/** A port that nobody listens on. */
export async function refusedUrl(): Promise<string> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return `http://127.0.0.1:${port}`
}

export function loadClients(count: number): LoadClient[] {
  return Array.from({ length: count }, (_, index) => ({
    userId: `user-${index + 1}`,
    headers: { cookie: `s=user-${index + 1}` },
    expectation: 'accept' as const,
  }))
}

/** A short plan; each test says what differs. */
export function planFor(url: string, changes: Partial<LoadPlan>): LoadPlan {
  return {
    kind: 'closed',
    urls: [url],
    request: { method: 'GET', path: '/me', headers: {} },
    clients: loadClients(8),
    userMember: 'id',
    connections: 4,
    leadMs: 50,
    windowMs: 300,
    tailMs: 50,
    ratePerS: 400,
    arrivals: 'poisson',
    seed: 7,
    timeoutMs: 1000,
    keepSamples: false,
    followCookies: false,
    ...changes,
  }
}

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { FORWARDER_NAMES } from '#contract/environment.ts'
import { admin, eventually, quickSettings, startProxy } from './running-proxy.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close()
    server.closeAllConnections()
  }
})

/** An upstream that takes its time, so that it is left while it works. */
async function upstream(
  host = '127.0.0.1',
  port = 0,
): Promise<{ host: string; port: number; served: () => number }> {
  let served = 0
  const server = createServer((request, response) => {
    served += request.url === '/livez' ? 0 : 1
    setTimeout(() => response.end(host), request.url === '/livez' ? 0 : 3)
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(port, host, resolve))
  return { host, port: (server.address() as AddressInfo).port, served: () => served }
}

/** Ten clients that ask without a pause, by GET and POST in turns, until `during` is over. */
async function underLoad(
  url: string,
  during: (more: () => Promise<void>) => Promise<void>,
): Promise<number[]> {
  let over = false
  const statuses: number[] = []
  const client = async (): Promise<void> => {
    for (let i = 0; !over; i += 1) {
      const answer = await fetch(`${url}/x`, i % 2 === 0 ? {} : { method: 'POST', body: 'x' })
      await answer.text()
      statuses.push(answer.status)
    }
  }
  const clients = Array.from({ length: 10 }, client)
  try {
    await during(() => {
      const before = statuses.length
      return eventually(() => statuses.length >= before + 20)
    })
  } finally {
    over = true
  }
  await Promise.all(clients)
  return statuses
}

const failed = (statuses: readonly number[]): number => statuses.filter((status) => status !== 200).length

describe.each(FORWARDER_NAMES)('upstreams that change under load (%s)', (forwarder) => {
  test('by the private listener lose no request', async () => {
    const three = [await upstream(), await upstream(), await upstream()]
    const list = three.map(({ host, port }, i) => ({ id: `n${i + 1}`, url: `http://${host}:${port}` }))
    const [a, b, c] = list
    await using running = await startProxy(forwarder, { n1: a?.url ?? '' })
    const settled = (count: number) =>
      eventually(
        () =>
          running.proxy.pool.available.length === count &&
          running.proxy.pool.available.every((u) => u.healthy),
      )
    await settled(1)
    const statuses = await underLoad(running.url, async (more) => {
      for (const next of [[a, b], [b], [b, c], [c, a], [a, b, c], [a]]) {
        expect((await admin(running, 'PUT', '/nodes', next)).status).toBe(200)
        await settled(next.length)
        await more()
      }
    })
    expect(failed(statuses)).toBe(0)
    expect(statuses.length).toBeGreaterThan(50)
    expect(three.every(({ served }) => served() > 0)).toBe(true)
  })

  test('by what their name resolves to lose no request', async () => {
    const first = await upstream('127.0.0.1')
    const second = await upstream('127.0.0.2', first.port)
    const zone = { web: ['127.0.0.1'] }
    await using running = await startProxy(
      forwarder,
      { web: `http://web:${first.port}` },
      { settings: quickSettings(), config: { lookup: async () => zone.web, resolveEveryMs: 20 } },
    )
    const ids = (): string =>
      running.proxy.pool.available
        .filter((u) => u.healthy)
        .map(({ id }) => id)
        .join()
    await eventually(() => ids() === 'web')
    const statuses = await underLoad(running.url, async () => {
      zone.web = ['127.0.0.1', '127.0.0.2']
      await eventually(() => ids() === 'web,web-127-0-0-2')
      await eventually(() => second.served() > 5)
      zone.web = ['127.0.0.2']
      await eventually(() => ids() === 'web')
      const before = first.served()
      zone.web = ['127.0.0.2', '127.0.0.1']
      await eventually(() => ids().includes(',') && first.served() > before + 5)
    })
    expect(failed(statuses)).toBe(0)
  })
})

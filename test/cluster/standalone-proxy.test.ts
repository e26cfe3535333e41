import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { freePort } from '#cluster/free-port.ts'
import { startProxy } from '#cluster/standalone-proxy.ts'
import { EXIT } from '#contract/errors.ts'

async function service(answer: string): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer((_request, response) => response.end(answer))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

describe('the proxy alone', () => {
  it.each(['none', 'cookie'] as const)('stands in front of anything, with affinity %s', async (affinity) => {
    await using one = await service('one')
    await using two = await service('two')
    const port = await freePort()
    await using proxy = await startProxy({
      listen: { host: '127.0.0.1', port },
      upstreams: [
        { id: 'a', url: one.url },
        { id: 'b', url: two.url },
      ],
      balancer: 'round-robin',
      affinity,
      forwarder: 'undici',
      signal: undefined,
    })
    expect(proxy.url).toBe(`http://127.0.0.1:${port}`)
    const answers = new Set<string>()
    for (let asked = 0; asked < 4; asked += 1) answers.add(await (await fetch(proxy.url)).text())
    expect([...answers].sort()).toEqual(['one', 'two'])
    const answer = await fetch(proxy.url)
    expect(answer.headers.has('set-cookie')).toBe(affinity === 'cookie')
  })

  it('says which port is in use', async () => {
    await using taken = await service('taken')
    const starting = startProxy({
      listen: { host: '127.0.0.1', port: Number(new URL(taken.url).port) },
      upstreams: [{ id: 'a', url: taken.url }],
      balancer: 'round-robin',
      affinity: 'none',
      forwarder: undefined,
      signal: undefined,
    })
    await expect(starting).rejects.toMatchObject({ exitCode: EXIT.unavailable })
  })
})

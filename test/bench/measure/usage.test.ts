import { once } from 'node:events'
import type { RequestListener } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { openUsage } from '#bench/measure/usage.ts'

async function serve(listener: RequestListener) {
  const server = createServer(listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

test('it asks with the token, over one connection for all readings', async () => {
  const ports = new Set<number | undefined>()
  await using server = await serve((request, response) => {
    ports.add(request.socket.remotePort)
    expect(request.url).toBe('/usage')
    expect(request.headers.authorization).toBe('Bearer secret')
    response.end(JSON.stringify({ atUs: 5, cpu: { userUs: 1, systemUs: 2, loopUs: 3 } }))
  })
  await using usage = openUsage(server.url, 'secret')
  expect(await usage.read()).toMatchObject({ atUs: 5 })
  expect(await usage.read()).toMatchObject({ cpu: { userUs: 1 } })
  expect(ports.size).toBe(1)
})

test.each([
  ['a refused token', (response) => response.writeHead(401).end(), /status 401/],
  ['something that is no usage', (response) => response.end('{"hello":1}'), /not a usage/],
  ['something that is no JSON', (response) => response.end('<html>'), /cannot read/],
  ['silence', () => {}, /time/],
] satisfies [string, (response: import('node:http').ServerResponse) => unknown, RegExp][])(
  '%s is an error that names the address',
  async (_, answer, message) => {
    await using server = await serve((_request, response) => void answer(response))
    await using usage = openUsage(server.url, 'secret', 200)
    await expect(usage.read()).rejects.toThrow(message)
    await expect(usage.read()).rejects.toThrow(server.url)
  },
)

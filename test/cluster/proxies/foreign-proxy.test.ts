import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startForeignProxy } from '../../../cluster/proxies/foreign-proxy.ts'
import { haproxyConfiguration } from '../../../cluster/proxies/haproxy-configuration.ts'
import { nginxConfiguration } from '../../../cluster/proxies/nginx-configuration.ts'
import { EXAMPLE_PLAN } from '../../../cluster/proxies/proxy-plan.ts'
import { isRunning } from '../processes.ts'

const kept = (file: string): string =>
  readFileSync(new URL(`../../../deploy/${file}`, import.meta.url), 'utf8')

describe('the configurations in deploy', () => {
  it('are those that are generated', () => {
    expect(kept('haproxy.cfg')).toBe(haproxyConfiguration(EXAMPLE_PLAN))
    expect(kept('nginx.conf')).toBe(nginxConfiguration(EXAMPLE_PLAN))
  })
})

describe.each(['haproxy', 'nginx'] as const)('%s', (name) => {
  const servers: Server[] = []
  const nodes: { id: string; port: number }[] = []
  beforeAll(async () => {
    for (const id of ['node-1', 'node-2', 'node-3']) {
      const server = createServer((_request, response) => response.end(id))
      servers.push(server)
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      nodes.push({ id, port: (server.address() as AddressInfo).port })
    }
  })
  afterAll(() => {
    for (const server of servers) {
      server.close()
      server.closeAllConnections()
    }
  })

  it('spreads requests over the nodes in turn and ends with its owner; absent where it is not installed', async (context) => {
    const proxy = await startForeignProxy(name, nodes)
    if (!proxy) return context.skip(`${name} is not installed`)
    const { pid } = proxy
    try {
      const seen = new Set<string>()
      for (let i = 0; i < 9; i += 1) seen.add(await (await fetch(proxy.url)).text())
      expect([...seen].sort()).toEqual(['node-1', 'node-2', 'node-3'])
      expect(proxy.version).toMatch(/^\d+\.\d+/)
    } finally {
      await proxy[Symbol.asyncDispose]()
    }
    expect(isRunning(pid)).toBe(false)
  })

  it('says why it does not start', async (context) => {
    const proxy = startForeignProxy(name, [{ id: 'no name with spaces\n', port: 0 }])
    const installed = await proxy.then(
      (found) => found !== undefined,
      () => true,
    )
    if (!installed) return context.skip(`${name} is not installed`)
    await expect(proxy).rejects.toThrow(`${name} did not start`)
  })
})

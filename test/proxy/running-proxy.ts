import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import type { ForwarderName } from '#contract/environment.ts'
import type { ModeName } from '#contract/modes.ts'
import { createProxy, type ProxyConfig, type ReverseProxy } from '../../proxy/proxy.ts'
import { DEFAULT_SETTINGS, type ProxySettings } from '../../proxy/settings.ts'

export const TOKEN = 'a-token-for-tests'

/** Settings with the waits of tests: everything that a test waits for comes within a second. */
export function quickSettings(change: (settings: ProxySettings) => void = () => {}): ProxySettings {
  const settings = structuredClone(DEFAULT_SETTINGS)
  settings.sweepEveryMs = 20
  settings.client.lingerMs = 300
  settings.slowStart.fromShare = 1
  settings.retry.minDelayMs = 1
  settings.retry.maxDelayMs = 5
  change(settings)
  return settings
}

export interface RunningProxy extends AsyncDisposable {
  proxy: ReverseProxy
  url: string
  adminUrl: string
}

/** A proxy in this process, listening on free ports, with every upstream checked once. */
export async function startProxy(
  forwarder: ForwarderName,
  upstreams: Readonly<Record<string, string>>,
  options: { mode?: ModeName; settings?: ProxySettings; config?: Partial<ProxyConfig> } = {},
): Promise<RunningProxy> {
  const config: ProxyConfig = {
    mode: options.mode ?? 'local',
    generation: 1,
    forwarder,
    algorithm: 'round-robin',
    affinity: { kind: 'by-mode' },
    upstreams: Object.entries(upstreams).map(([id, url]) => ({ id, url: new URL(url) })),
    cookieSecret: randomBytes(32),
    tls: false,
    adminToken: TOKEN,
    trustedProxies: [],
    accessLog: undefined,
    ...options.config,
  }
  const proxy = await createProxy(config, options.settings ?? quickSettings())
  const listen = (server: typeof proxy.server): Promise<string> =>
    new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () =>
        resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
      )
    })
  const url = await listen(proxy.server)
  const adminUrl = await listen(proxy.adminServer)
  return { proxy, url, adminUrl, [Symbol.asyncDispose]: () => proxy.close() }
}

/** Resolves when `check` holds; looks often, gives up after a while. */
export async function eventually(check: () => boolean, withinMs = 5_000): Promise<void> {
  const endMs = performance.now() + withinMs
  while (!check()) {
    if (performance.now() > endMs) throw new Error('waited in vain')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** Calls the private listener. */
export async function admin(
  running: RunningProxy,
  method: string,
  path: string,
  body?: unknown,
  token: string = TOKEN,
): Promise<{ status: number; body: unknown }> {
  const response = await fetch(running.adminUrl + path, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  return {
    status: response.status,
    body: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text,
  }
}

import type { PartState } from '#contract/control.ts'
import type { NodeUsage, ProxyUsage, SeedAnswer, SeedRequest } from '#contract/node-admin.ts'
import type { PinAnswer, ProxyEvent, ProxyState } from '#contract/proxy-admin.ts'
import { ADMIN_ROUTES } from '#contract/routes.ts'

/** Reads the private listeners of nodes and proxy. Undefined: no answer in time, or a refusal. */
export interface PartReader {
  nodeUsage(node: PartState): Promise<NodeUsage | undefined>
  proxyUsage(proxy: PartState): Promise<ProxyUsage | undefined>
  proxyState(proxy: PartState): Promise<ProxyState | undefined>
  proxyEvents(proxy: PartState, since: number): Promise<readonly ProxyEvent[] | undefined>
  seed(node: PartState, request: SeedRequest): Promise<SeedAnswer | undefined>
  pin(proxy: PartState, node: string): Promise<PinAnswer | undefined>
}

const SEED_MS = 10_000

export function createPartReader(adminToken: string, timeoutMs: number): PartReader {
  async function ask<Answer>(
    part: PartState,
    path: string,
    body?: object,
    limitMs = timeoutMs,
  ): Promise<Answer | undefined> {
    if (part.adminUrl === undefined || part.condition === 'stopped') return undefined
    try {
      const response = await fetch(part.adminUrl + path, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          authorization: `Bearer ${adminToken}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        signal: AbortSignal.timeout(limitMs),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      return response.ok ? (JSON.parse(text) as Answer) : undefined
    } catch {
      // A part that is down or paused: that is what the dashboard is there to show.
      return undefined
    }
  }
  return {
    nodeUsage: (node) => ask(node, ADMIN_ROUTES.usage),
    proxyUsage: (proxy) => ask(proxy, ADMIN_ROUTES.usage),
    proxyState: (proxy) => ask(proxy, ADMIN_ROUTES.cluster),
    proxyEvents: async (proxy, since) =>
      (await ask<{ events: ProxyEvent[] }>(proxy, `${ADMIN_ROUTES.events}?since=${since}`))?.events,
    seed: (node, request) => ask(node, ADMIN_ROUTES.sessions, request, SEED_MS),
    pin: (proxy, node) => ask(proxy, ADMIN_ROUTES.pins, { node }),
  }
}

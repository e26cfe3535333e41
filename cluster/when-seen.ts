import type { PartState } from '#contract/control.ts'
import type { ProxyState } from '#contract/proxy-admin.ts'
import { ADMIN_ROUTES } from '#contract/routes.ts'
import { type AddressPlan, localUrl } from './address-plan.ts'
import type { ControlClient } from './control-client.ts'
import { waitUntil } from './wait-until.ts'

const SEEN_MS = 10_000
const INTERVAL_MS = 15
const ANSWER_MS = 2_000

/** Resolves when the proxy takes every node for healthy: before that, the first requests would be unevenly spread. */
export async function whenProxySeesAll(
  plan: AddressPlan,
  adminToken: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  await waitUntil(
    async () => {
      const { upstreams } = await askProxy(plan, adminToken)
      return upstreams.length === plan.nodes.length && upstreams.every(({ health }) => health === 'up')
    },
    { what: 'that the proxy sees every node up', timeoutMs: SEEN_MS, intervalMs: INTERVAL_MS, signal },
  )
}

/** Resolves when the proxy takes this node for healthy. */
export async function whenProxySees(plan: AddressPlan, adminToken: string, nodeId: string): Promise<void> {
  await waitUntil(
    async () => {
      const { upstreams } = await askProxy(plan, adminToken)
      return upstreams.some(({ id, health }) => id === nodeId && health === 'up')
    },
    { what: `that the proxy sees ${nodeId} up`, timeoutMs: SEEN_MS, intervalMs: INTERVAL_MS },
  )
}

async function askProxy(plan: AddressPlan, adminToken: string): Promise<ProxyState> {
  const response = await fetch(localUrl(plan.proxy.adminPort) + ADMIN_ROUTES.cluster, {
    headers: { authorization: `Bearer ${adminToken}` },
    signal: AbortSignal.timeout(ANSWER_MS),
  })
  return (await response.json()) as ProxyState
}

/** Resolves when control, which is told over another channel, sees every part as the supervisor does. */
export async function whenControlKnows(
  client: ControlClient,
  states: () => readonly PartState[],
): Promise<void> {
  await waitUntil(
    async () => {
      const seen = new Map((await client.state()).parts.map((part) => [part.id, part]))
      return states().every(({ id, pid, condition }) => {
        const part = seen.get(id)
        const same = part?.condition === condition || part?.condition === 'draining'
        return same && part?.pid === pid
      })
    },
    { what: 'that control sees every part', timeoutMs: SEEN_MS, intervalMs: INTERVAL_MS },
  )
}

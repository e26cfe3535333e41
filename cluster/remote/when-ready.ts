import type { ProxyState } from '#contract/proxy-admin.ts'
import { ADMIN_ROUTES } from '#contract/routes.ts'
import type { NodeHandle } from '../cluster.ts'
import type { ControlClient } from '../control-client.ts'
import { waitUntil } from '../wait-until.ts'

/** Parts in containers take longer than processes, and are found by DNS once a second. */
const READY_MS = 30_000
const INTERVAL_MS = 50
const ANSWER_MS = 2_000

/** A private listener and its token. */
export interface Admin {
  readonly url: string
  readonly token: string
}

/** Resolves when the proxy takes this node for healthy. */
export async function whenProxySees(proxy: Admin, nodeId: string): Promise<void> {
  await until(`that the proxy sees ${nodeId} up`, async () => {
    const { upstreams } = await ask<ProxyState>(proxy, ADMIN_ROUTES.cluster)
    return upstreams.some(({ id, health }) => id === nodeId && health === 'up')
  })
}

/** Resolves when a node that was started answers in this generation: control tells it the mode that it missed. */
export async function whenInGeneration(node: Admin, generation: number): Promise<void> {
  await until(`that ${node.url} answers in generation ${generation}`, async () => {
    const usage = await ask<{ generation: number }>(node, ADMIN_ROUTES.usage)
    return usage.generation >= generation
  })
}

/** Resolves when control, which looks once a second, sees every running node. */
export async function whenControlSees(client: ControlClient, nodes: readonly NodeHandle[]): Promise<void> {
  await until('that control sees every node', async () => {
    const seen = new Map((await client.state()).parts.map((part) => [part.id, part.condition]))
    return nodes.every(({ id, condition }) => condition !== 'ready' || seen.get(id) === 'ready')
  })
}

/** Nobody answering yet is an answer: not yet. */
async function until(what: string, done: () => Promise<boolean>): Promise<void> {
  await waitUntil(() => done().catch(() => false), {
    what,
    timeoutMs: READY_MS,
    intervalMs: INTERVAL_MS,
  })
}

async function ask<Answer>({ url, token }: Admin, path: string): Promise<Answer> {
  const response = await fetch(url + path, {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(ANSWER_MS),
  })
  return (await response.json()) as Answer
}

import { sendAll } from '#bench/load/send.ts'
import { looksOver } from '#bench/workload/payload-look.ts'
import type { RunningCluster } from '#cluster/cluster.ts'
import type { Credential, NodeUsage } from '#contract/node-admin.ts'
import type { PayloadPhase } from '#contract/payload.ts'
import { REFUSAL_REASONS, type RefusalReason } from '#contract/reasons.ts'
import { ADMIN_ROUTES } from '#contract/routes.ts'
import { renderRequest, type Target } from '#contract/target.ts'
import { askAdmin } from '../lab/admin-client.ts'
import type { PayloadClient } from './clients.ts'

const CONCURRENT = 4
const TIMEOUT_MS = 3_000

/** One client wants to send so many lookups with a credential; what the nodes counted of them and what they said. */
export async function tryPhase(
  cluster: RunningCluster,
  target: Target,
  client: PayloadClient,
  credential: Credential,
  wanted: number,
): Promise<PayloadPhase> {
  const nowMs = Date.now()
  const held = client.alter(credential, nowMs)
  const isKeptBack = client.looks && looksOver(held, nowMs + client.clockOffsetMs)
  const before = await lookupsCounted(cluster)
  const request = renderRequest(target.requests.lookup, held)
  const errands = Array.from({ length: isKeptBack ? 0 : wanted }, () => ({ url: target.url, request }))
  const answers = await sendAll(errands, CONCURRENT, { timeoutMs: TIMEOUT_MS })
  const refused: PayloadPhase['refused'] = {}
  let accepted = 0
  for (const answer of answers) {
    if (answer.kind === 'answer' && answer.status === 200) accepted += 1
    else {
      const reason = reasonOf(answer)
      refused[reason] = (refused[reason] ?? 0) + 1
    }
  }
  const reached = (await lookupsCounted(cluster)) - before
  return { wanted, keptBack: wanted - errands.length, reached, accepted, refused }
}

function reasonOf(answer: Awaited<ReturnType<typeof sendAll>>[number]): RefusalReason | 'other' {
  if (answer.kind !== 'answer' || answer.status !== 401) return 'other'
  const { reason } = (answer.body ?? {}) as { reason?: unknown }
  return REFUSAL_REASONS.find((known) => known === reason) ?? 'other'
}

async function lookupsCounted({ nodes, adminToken }: RunningCluster): Promise<number> {
  const usages = await Promise.all(
    nodes().map(({ adminUrl }) => askAdmin<NodeUsage>(adminUrl, adminToken, 'GET', ADMIN_ROUTES.usage)),
  )
  return usages.reduce((sum, { lookups }) => sum + lookups, 0)
}

import { labUserId } from '#contract/lab.ts'
import { MODES, type ModeName } from '#contract/modes.ts'
import type { SeedAnswer, SeedRequest } from '#contract/node-admin.ts'
import { ADMIN_ROUTES } from '#contract/routes.ts'
import { payloadOf } from '../payload/payload.ts'
import type { Schedule } from '../progress.ts'
import { askAdmin } from './admin-client.ts'
import type { ClusterLab } from './lab.ts'
import type { LiveSessions } from './session-room.ts'

/** Sessions of one request; each node has one request under way. */
const CHUNK = 5_000

/** Does anybody but the client keep something of a login? */
export function keepsSessions(mode: ModeName): boolean {
  return MODES[mode].store !== 'client'
}

/** Makes live sessions that nobody will present, evenly on all nodes; in modes that keep none, nothing. */
export async function preloadSessions(
  lab: ClusterLab,
  mode: ModeName,
  { sessions, payloadBytes }: LiveSessions,
  schedule: Schedule,
  signal: AbortSignal,
): Promise<void> {
  if (sessions === 0 || !keepsSessions(mode)) return
  const { cluster, users } = lab
  await cluster.setMode(mode)
  const nodes = cluster.nodes()
  const data = payloadOf(payloadBytes)
  let made = 0
  await Promise.all(
    nodes.map(async (node, first) => {
      for (let from = first; from < sessions; from += CHUNK * nodes.length) {
        signal.throwIfAborted()
        const userIds: string[] = []
        for (let index = from; index < sessions && userIds.length < CHUNK; index += nodes.length)
          userIds.push(labUserId(index % users))
        const request: SeedRequest = { userIds, answer: 'none', ...(data && { data }) }
        await askAdmin<SeedAnswer>(node.adminUrl, cluster.adminToken, 'POST', ADMIN_ROUTES.sessions, request)
        made += userIds.length
        schedule.begin(`${mode}: ${made} of ${sessions} live sessions are there`)
      }
    }),
  )
}

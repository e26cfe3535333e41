import { sendOnce } from '#bench/load/send.ts'
import { createClient } from '#bench/workload/client.ts'
import { LAB } from '#contract/lab.ts'
import type { NodeUsage } from '#contract/node-admin.ts'
import { ADMIN_ROUTES } from '#contract/routes.ts'
import type { Target } from '#contract/target.ts'
import { askAdmin } from '../../lab/admin-client.ts'
import type { Lab } from '../../lab/lab.ts'

const LOGINS = 8
const TIMEOUT_MS = 5_000

/**
 * CPU of a node for one login with a password, ms, over eight of them at a node at rest: the password’s hash and little
 * else. null where one of them failed.
 */
export async function measureLoginCpuMs(
  { cluster }: Pick<Lab, 'cluster'>,
  target: Target,
  userId: string,
): Promise<number | null> {
  const [node] = cluster.nodes()
  const request = createClient(target, userId, LAB.password).request('login')
  if (node === undefined || request === undefined) return null
  const read = () => askAdmin<NodeUsage>(node.adminUrl, cluster.adminToken, 'GET', ADMIN_ROUTES.usage)
  const before = await read()
  for (let made = 0; made < LOGINS; made += 1) {
    const answer = await sendOnce(node.url, request, { timeoutMs: TIMEOUT_MS })
    if (answer.kind !== 'answer' || answer.status >= 300) return null
  }
  const after = await read()
  const us = after.cpu.userUs + after.cpu.systemUs - before.cpu.userUs - before.cpu.systemUs
  return us / LOGINS / 1000
}

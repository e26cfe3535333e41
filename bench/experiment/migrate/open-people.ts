import { createClient, type VirtualClient } from '#bench/workload/client.ts'
import type { RunningCluster } from '#cluster/cluster.ts'
import { COOKIES, HEADERS } from '#contract/headers.ts'
import { LAB, labUserIds } from '#contract/lab.ts'
import { MODES, type ModeName } from '#contract/modes.ts'
import type { Credential } from '#contract/node-admin.ts'
import { stillinTarget, type Target } from '#contract/target.ts'
import { seedEverywhere } from '../lab/seeding.ts'

/**
 * People who are logged in, in the cluster's first mode. A client of theirs keeps whatever an answer hands out, cookie
 * or token, as one must that lives through a migration.
 */
export async function openPeople(
  cluster: RunningCluster,
  first: ModeName,
  count: number,
): Promise<{ clients: VirtualClient[]; first: readonly Credential[] }> {
  const mode = MODES[first]
  await cluster.setMode(first)
  const target: Target = {
    ...stillinTarget(mode, cluster.proxy.url, cluster.nodes()),
    credential: {
      cookies: [COOKIES.session, COOKIES.affinity],
      bearerMember: 'accessToken',
      bearerHeader: HEADERS.accessToken,
    },
  }
  const logins = await seedEverywhere(cluster, mode, labUserIds(0, count))
  const clients = logins.map(({ credential }) => {
    const client = createClient(target, credential.userId, LAB.password)
    client.adopt(credential)
    return client
  })
  return { clients, first: logins.map(({ credential }) => credential) }
}

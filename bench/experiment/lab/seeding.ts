import type { NodeHandle, RunningCluster } from '#cluster/cluster.ts'
import type { Mode } from '#contract/modes.ts'
import type { Credential, SeedAnswer, SeedRequest } from '#contract/node-admin.ts'
import type { PinAnswer, PinRequest } from '#contract/proxy-admin.ts'
import { ADMIN_ROUTES } from '#contract/routes.ts'
import { askAdmin } from './admin-client.ts'

/** A login made without a password, and the node that made it. */
export interface SeededLogin {
  nodeId: string
  credential: Credential
}

/** Longest request to a node's seeding route. */
const CHUNK = 5_000

/** Makes logins on one node, each keeping the data where there is any. The cluster must be in the mode already. */
export async function seedOnNode(
  cluster: RunningCluster,
  node: NodeHandle,
  userIds: readonly string[],
  lifetimeS?: number,
  data?: SeedRequest['data'],
): Promise<SeededLogin[]> {
  const logins: SeededLogin[] = []
  for (let from = 0; from < userIds.length; from += CHUNK) {
    const request: SeedRequest = {
      userIds: userIds.slice(from, from + CHUNK),
      ...(lifetimeS === undefined ? {} : { lifetimeS }),
      ...(data && { data }),
    }
    const answer = await askAdmin<SeedAnswer>(
      node.adminUrl,
      cluster.adminToken,
      'POST',
      ADMIN_ROUTES.sessions,
      request,
    )
    for (const credential of answer.credentials) logins.push({ nodeId: node.id, credential })
  }
  return logins
}

/** Makes logins evenly on all nodes, each with the affinity cookie where the mode's balancer wants one. */
export async function seedEverywhere(
  cluster: RunningCluster,
  mode: Mode,
  userIds: readonly string[],
  lifetimeS?: number,
  data?: SeedRequest['data'],
): Promise<SeededLogin[]> {
  const nodes = cluster.nodes()
  const perNode = await Promise.all(
    nodes.map(async (node, index) => {
      const mine = userIds.filter((_, user) => user % nodes.length === index)
      const logins = await seedOnNode(cluster, node, mine, lifetimeS, data)
      return mode.balancer === 'affinity-cookie' ? withPin(logins, await pinTo(cluster, node.id)) : logins
    }),
  )
  return interleave(perNode)
}

async function pinTo(cluster: RunningCluster, nodeId: string): Promise<string> {
  const request: PinRequest = { node: nodeId }
  const answer = await askAdmin<PinAnswer>(
    cluster.proxy.adminUrl,
    cluster.adminToken,
    'POST',
    ADMIN_ROUTES.pins,
    request,
  )
  return answer.cookie
}

function withPin(logins: readonly SeededLogin[], pin: string): SeededLogin[] {
  return logins.map(({ nodeId, credential }) => {
    const own = credential.headers['cookie']
    const headers = { ...credential.headers, cookie: own === undefined ? pin : `${own}; ${pin}` }
    return { nodeId, credential: { ...credential, headers } }
  })
}

/** One of each list in turn, so that any stretch of the result is spread over the nodes. */
function interleave<Item>(lists: readonly (readonly Item[])[]): Item[] {
  const longest = Math.max(0, ...lists.map((list) => list.length))
  return Array.from({ length: longest }, (_, index) =>
    lists.flatMap((list) => list.slice(index, index + 1)),
  ).flat()
}

import type { Cluster } from '#cluster/cluster.ts'
import type { LinkRequest } from '#contract/links.ts'

/** The same condition for every node’s link to that part. */
export async function linkAll(cluster: Cluster, to: string, condition: LinkRequest): Promise<void> {
  await Promise.all(cluster.nodes().map(({ id }) => cluster.link(id, to, condition)))
}

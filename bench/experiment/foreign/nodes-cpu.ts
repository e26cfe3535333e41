import { processCpuUs } from '#bench/measure/process-cpu.ts'
import type { ForeignCluster } from '#cluster/attach/foreign-cluster.ts'

/** CPU time of all nodes so far, µs: of their processes on this host, or as the file's command says; null: not of every node. */
export async function nodesCpuUs(cluster: ForeignCluster): Promise<number | null> {
  const each = await Promise.all(
    cluster.nodes().map(async ({ id }) => {
      const byCommand = await cluster.cpuUsOf(id)
      if (byCommand !== undefined) return byCommand
      const pid = await cluster.pidOf(id)
      return pid === undefined ? null : await processCpuUs(pid)
    }),
  )
  if (each.length === 0 || each.includes(null)) return null
  return each.reduce<number>((sum, us) => sum + (us ?? 0), 0)
}

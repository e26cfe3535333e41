import { monotonicUs } from '#contract/clock.ts'
import type { NodeUsage, ProxyUsage } from '#contract/node-admin.ts'
import { ADMIN_ROUTES } from '#contract/routes.ts'
import { askAdmin } from '../lab/admin-client.ts'
import type { Lab } from '../lab/lab.ts'

/** CPU since each process started, µs, and when it was read. */
export interface CpuReading {
  atUs: number
  /** All nodes: their event loops, and beside these the thread pools that hash passwords. */
  loopsUs: number
  besideLoopsUs: number
  proxyUs: number
  /** This process, which plays the users. */
  usersUs: number
}

export async function readCpu({ cluster }: Lab): Promise<CpuReading> {
  const { adminToken, proxy } = cluster
  const read = <Usage>(url: string) => askAdmin<Usage>(url, adminToken, 'GET', ADMIN_ROUTES.usage)
  const [proxied, ...nodes] = await Promise.all([
    read<ProxyUsage>(proxy.adminUrl),
    ...cluster.nodes().map(({ adminUrl }) => read<NodeUsage>(adminUrl)),
  ])
  const own = process.cpuUsage()
  const nodesUs = nodes.reduce((sum, { cpu }) => sum + cpu.userUs + cpu.systemUs, 0)
  const loopsUs = nodes.reduce((sum, { cpu }) => sum + cpu.loopUs, 0)
  return {
    atUs: monotonicUs(),
    loopsUs,
    besideLoopsUs: nodesUs - loopsUs,
    proxyUs: proxied.cpu.userUs + proxied.cpu.systemUs,
    usersUs: own.user + own.system,
  }
}

/** What was used from one reading to the next. */
export function cpuBetween(before: CpuReading, after: CpuReading): CpuReading {
  return {
    atUs: after.atUs - before.atUs,
    loopsUs: after.loopsUs - before.loopsUs,
    besideLoopsUs: after.besideLoopsUs - before.besideLoopsUs,
    proxyUs: after.proxyUs - before.proxyUs,
    usersUs: after.usersUs - before.usersUs,
  }
}

/** CPU of a stretch per login, ms, less what the same time had cost at rest; null where none was made. */
export function perLoginMs(
  storm: CpuReading,
  rest: CpuReading,
  of: 'loopsUs' | 'besideLoopsUs',
  logins: number,
): number | null {
  if (logins === 0) return null
  return Math.max(0, storm[of] - (rest[of] * storm.atUs) / rest.atUs) / logins / 1000
}

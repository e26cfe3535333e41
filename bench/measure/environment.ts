import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { availableParallelism, cpus, loadavg, release, totalmem, type, version } from 'node:os'
import { join } from 'node:path'
import type { Environment } from '#contract/result.ts'
import { readGitCommit } from './git-commit.ts'

export interface EnvironmentInput {
  /** The project's folder: its lock file and its commit. */
  root: string
  /** Whether the working tree differs from its commit; null where nobody could say. */
  gitDirty: boolean | null
  redis: Environment['redis']
  store?: Environment['store']
  forwarder: string
  /** One-minute load average from before the run. */
  loadBefore: number
}

/** What a result was taken on: enough to tell two machines, or two states of one, apart. Call it after the run. */
export async function describeEnvironment(input: EnvironmentInput): Promise<Environment> {
  return {
    cpuModel: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    cgroupCpuLimit: await cgroupCpuLimit(),
    kernel: `${type()} ${release()} ${version()}`.trim(),
    platform: `${process.platform} ${process.arch}`,
    hypervisor: await hypervisor(),
    node: process.versions.node,
    v8: process.versions.v8,
    openssl: process.versions['openssl'] ?? 'unknown',
    lockfileSha256: await sha256Of(join(input.root, 'package-lock.json')),
    gitSha: await readGitCommit(input.root),
    gitDirty: input.gitDirty,
    redis: input.redis,
    store: input.store ?? null,
    forwarder: input.forwarder,
    loadBefore: input.loadBefore,
    loadAfter: currentLoad(),
  }
}

/** The one-minute load average. */
export function currentLoad(): number {
  return loadavg()[0] ?? 0
}

/** Cores that the control group allows, from cgroup v2 or v1; null: no limit, or none known. */
export async function cgroupCpuLimit(cgroupPath = '/sys/fs/cgroup'): Promise<number | null> {
  const [quota = '', period = ''] = (await readText(join(cgroupPath, 'cpu.max'))).trim().split(' ')
  if (/^\d+$/.test(quota) && Number(period) > 0) return Number(quota) / Number(period)
  const oldQuota = Number(await readText(join(cgroupPath, 'cpu/cpu.cfs_quota_us')))
  const oldPeriod = Number(await readText(join(cgroupPath, 'cpu/cpu.cfs_period_us')))
  return oldQuota > 0 && oldPeriod > 0 ? oldQuota / oldPeriod : null
}

/** The maker of the virtual machine as its firmware says, `unnamed` where only the CPU tells; null on bare metal. */
async function hypervisor(): Promise<string | null> {
  const isVirtual = /^flags\s*:.*\bhypervisor\b/m.test(await readText('/proc/cpuinfo'))
  if (!isVirtual) return null
  return (await readText('/sys/class/dmi/id/sys_vendor')).trim() || 'unnamed'
}

async function sha256Of(path: string): Promise<string> {
  const content = await readFile(path).catch(() => null)
  return content === null ? 'none' : createHash('sha256').update(content).digest('hex')
}

async function readText(path: string): Promise<string> {
  return await readFile(path, 'utf8').catch(() => '')
}

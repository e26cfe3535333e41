import { readFile } from 'node:fs/promises'
import { availableParallelism, cpus } from 'node:os'
import type { MachineFinding } from '#contract/machine.ts'
import { cgroupCpuLimit } from './environment.ts'

/** Generator, proxy, a node and Redis run at the same time: with fewer, they wait for each other. */
const CORES_WANTED = 4
/** 1000 connections at generator, proxy (both sides) and node, and room for files. */
const FILES_WANTED = 4_096

/** What no package brings: processor cores and file descriptors. */
export async function examineMachine(): Promise<readonly MachineFinding[]> {
  const limits = await readFile('/proc/self/limits', 'utf8').catch(() => '')
  const limit = await cgroupCpuLimit()
  return [
    coresFinding(availableParallelism(), limit, cpus()[0]?.model.trim() ?? 'unknown'),
    filesFinding(limits),
  ]
}

/** @param limit cores that the control group allows; null: no limit. */
export function coresFinding(cores: number, limit: number | null, model: string): MachineFinding {
  const usable = Math.min(cores, limit ?? cores)
  const limited = limit !== null && limit < cores ? `, limited to ${limit}` : ''
  const enough = usable >= CORES_WANTED
  return {
    name: 'CPU cores',
    condition: enough ? 'ready' : 'scarce',
    here: `${cores} (${model})${limited}`,
    neededFor: enough
      ? 'load, proxy, nodes and Redis side by side'
      : `load, proxy, nodes and Redis side by side: below ${CORES_WANTED} they wait for each other, and latencies show it`,
    toGet: null,
  }
}

/** @param limits the text of /proc/self/limits; empty where the system has none. */
export function filesFinding(limits: string): MachineFinding {
  const name = 'open files'
  const neededFor = '--connections beyond a few hundred'
  const [, soft, hard] = /^Max open files\s+(\S+)\s+(\S+)/m.exec(limits) ?? []
  if (soft === undefined)
    return { name, condition: 'ready', here: 'limit not known here', neededFor, toGet: null }
  const enough = soft === 'unlimited' || Number(soft) >= FILES_WANTED
  const toGet = enough ? null : `ulimit -n ${FILES_WANTED}`
  const here = `${soft} at most (hard limit ${hard})`
  return { name, condition: enough ? 'ready' : 'scarce', here, neededFor, toGet }
}

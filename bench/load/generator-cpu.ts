import { monotonicUs } from '#contract/clock.ts'
import type { LoadWindow } from './plan.ts'

/** CPU time of this process since its start: every thread, and the one that calls. */
export interface CpuMark {
  atUs: number
  userUs: number
  systemUs: number
  loopUs: number
}

export function markCpu(): CpuMark {
  const all = process.cpuUsage()
  const thread = process.threadCpuUsage()
  return {
    atUs: monotonicUs(),
    userUs: all.user,
    systemUs: all.system,
    loopUs: thread.user + thread.system,
  }
}

export function cpuBetween(start: CpuMark, end: CpuMark): LoadWindow['generatorCpu'] {
  return {
    userUs: end.userUs - start.userUs,
    systemUs: end.systemUs - start.systemUs,
    loopUs: end.loopUs - start.loopUs,
    elapsedUs: end.atUs - start.atUs,
  }
}

import { monotonicUs } from '#contract/clock.ts'
import { processCpuUs } from './process-cpu.ts'

/** What the central store has used since its start. */
export interface StoreUsage {
  /** When it was read, µs on the monotonic clock. */
  atUs: number
  /** CPU time of all its threads and processes. */
  userUs: number
  systemUs: number
  /** Commands processed, without a reader's own; null: it does not count them. */
  commands: number | null
}

/**
 * Reads a server that is not Redis by its processes' CPU time, all that descend from `pid` together.
 * @returns null where there is no process, or the platform does not tell.
 */
export async function openStoreUsage(
  pid: number | undefined,
): Promise<{ read(): Promise<StoreUsage> } | null> {
  if (pid === undefined || (await processCpuUs(pid)) === null) return null
  return {
    async read() {
      const cpuUs = await processCpuUs(pid)
      if (cpuUs === null) throw new Error('the store has ended')
      // The system does not tell the two apart here; their sum is what is used.
      return { atUs: monotonicUs(), userUs: cpuUs, systemUs: 0, commands: null }
    },
  }
}

import { readFile } from 'node:fs/promises'
import { monotonicUs } from '#contract/clock.ts'

/** The machine's own counters at one moment (Linux); null where the kernel does not offer them. */
export interface NoiseMark {
  atUs: number
  /** Clock ticks of all cores: in all, and taken by the hypervisor for others. */
  ticks: { total: number; steal: number } | null
  /** Time in which some task waited for a CPU, µs. */
  waitedUs: number | null
}

/** How disturbed a window was. */
export interface Noise {
  /** Share of CPU time that the hypervisor gave to somebody else. */
  stealShare: number | null
  /** Share of the time in which some task waited for a CPU (pressure stall information). */
  pressureShare: number | null
}

export async function markNoise(procPath = '/proc'): Promise<NoiseMark> {
  const [stat, pressure] = await Promise.all([
    readFile(`${procPath}/stat`, 'utf8').catch(() => ''),
    readFile(`${procPath}/pressure/cpu`, 'utf8').catch(() => ''),
  ])
  const waited = /^some .*total=(\d+)/m.exec(pressure)?.[1]
  return {
    atUs: monotonicUs(),
    ticks: parseTicks(stat),
    waitedUs: waited === undefined ? null : Number(waited),
  }
}

export function noiseBetween(start: NoiseMark, end: NoiseMark): Noise {
  const total = start.ticks && end.ticks ? end.ticks.total - start.ticks.total : 0
  const elapsedUs = end.atUs - start.atUs
  return {
    stealShare: start.ticks && end.ticks && total > 0 ? (end.ticks.steal - start.ticks.steal) / total : null,
    pressureShare:
      start.waitedUs !== null && end.waitedUs !== null && elapsedUs > 0
        ? Math.min(1, (end.waitedUs - start.waitedUs) / elapsedUs)
        : null,
  }
}

/** Above this a window is flagged as noisy; it is never dropped. */
const STEAL_LIMIT = 0.03

/**
 * Why a window is noisy, in words; empty: it is not. Pressure is no reason: a load generator and its servers on one
 * machine wait for each other's cores by design.
 */
export function noiseFlags(noise: Noise): readonly string[] {
  return noise.stealShare !== null && noise.stealShare > STEAL_LIMIT
    ? [`steal ${(100 * noise.stealShare).toFixed(1)} %`]
    : []
}

/** The `cpu` line of /proc/stat: user nice system idle iowait irq softirq steal; guest times are within user and nice. */
function parseTicks(stat: string): { total: number; steal: number } | null {
  const fields = /^cpu +(.+)$/m.exec(stat)?.[1]?.split(/\s+/).slice(0, 8).map(Number)
  const steal = fields?.[7]
  if (!fields || steal === undefined || fields.some(Number.isNaN)) return null
  return { total: fields.reduce((sum, ticks) => sum + ticks, 0), steal }
}

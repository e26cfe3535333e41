import { readFile } from 'node:fs/promises'
import type { SelfCheck } from '#contract/result.ts'

/** What this machine lets a process open; null where it does not say (not Linux). */
export interface Headroom {
  fileDescriptors: number | null
  /** Local ports for outgoing connections, per pair of addresses. */
  ports: number | null
}

export async function readHeadroom(procPath = '/proc'): Promise<Headroom> {
  const limits = await readFile(`${procPath}/self/limits`, 'utf8').catch(() => '')
  const range = await readFile(`${procPath}/sys/net/ipv4/ip_local_port_range`, 'utf8').catch(() => '')
  const files = /^Max open files\s+(\d+)/m.exec(limits)?.[1]
  const [first, last] = range.trim().split(/\s+/).map(Number)
  return {
    fileDescriptors: files === undefined ? null : Number(files),
    ports: first !== undefined && last !== undefined && last >= first ? last - first + 1 : null,
  }
}

/** Descriptors that a process needs beside its connections. */
const OTHER_DESCRIPTORS = 256

/** The run's connections fit, twice over (old ones linger while new ones are opened). */
export function checkHeadroom(headroom: Headroom, connections: number): SelfCheck {
  const needed = 2 * connections
  const files = headroom.fileDescriptors ?? Number.POSITIVE_INFINITY
  const ports = headroom.ports ?? Number.POSITIVE_INFINITY
  return {
    name: 'room for connections',
    ok: needed + OTHER_DESCRIPTORS <= files && needed <= ports,
    detail: `${connections} connections; ${headroom.fileDescriptors ?? 'unknown'} file descriptors, ${headroom.ports ?? 'unknown'} local ports`,
    voids: 'run',
  }
}

import { readdir, readFile } from 'node:fs/promises'

export interface ProcessCpuOptions {
  platform?: NodeJS.Platform
  /** Where proc is mounted; `/proc` unless a test says otherwise. */
  procPath?: string
  /**
   * macOS: runs `ps` with these arguments and returns what it prints. Handed in, since starting processes is not this
   * room's business.
   */
  ps?: (args: readonly string[]) => Promise<string>
}

/**
 * CPU time in µs of a process that is not ours and of all its living descendants (a native proxy with its workers).
 * Linux: `/proc/PID/task/TID/schedstat`, nanoseconds; what ended threads had used is not in it. macOS: `ps -o cputime`,
 * hundredths of a second, without children.
 * @returns null where the process is gone or the platform has no such figure.
 */
export async function processCpuUs(pid: number, options: ProcessCpuOptions = {}): Promise<number | null> {
  const platform = options.platform ?? process.platform
  if (platform === 'linux') return await treeCpuUs(pid, options.procPath ?? '/proc')
  if (platform === 'darwin' && options.ps)
    return parsePsTime(await options.ps(['-o', 'cputime=', '-p', `${pid}`]))
  return null
}

async function treeCpuUs(pid: number, proc: string): Promise<number | null> {
  let totalUs = 0
  let isThere = false
  const pending = [pid]
  const seen = new Set<number>()
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    for (const task of await readdir(`${proc}/${next}/task`).catch(() => [])) {
      const path = `${proc}/${next}/task/${task}`
      const ranNs = Number((await readOr(`${path}/schedstat`)).split(' ', 1)[0])
      if (!Number.isFinite(ranNs)) continue
      isThere = true
      totalUs += ranNs / 1000
      for (const child of (await readOr(`${path}/children`)).split(' '))
        if (child.trim()) pending.push(Number(child))
    }
  }
  return isThere ? totalUs : null
}

/** A thread may end between being listed and being read. */
async function readOr(path: string): Promise<string> {
  return await readFile(path, 'utf8').catch(() => '')
}

/** `[[dd-]hh:]mm:ss[.cc]` in µs; null where the text is no such time. */
export function parsePsTime(text: string): number | null {
  const match = /^(?:(?:(\d+)-)?(\d+):)?(\d+):(\d+(?:\.\d+)?)$/.exec(text.trim())
  if (!match) return null
  const [, days = '0', hours = '0', minutes = '0', seconds = '0'] = match
  return (((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1e6
}

import { readdir, readFile } from 'node:fs/promises'

/**
 * CPU time in µs of a process that is not ours and of all its living descendants (a proxy with its workers), from
 * `/proc/PID/task/TID/schedstat`, in nanoseconds. What ended threads had used is not in it.
 * @param proc where proc is mounted.
 * @returns null where the process is gone or the platform (not Linux) has no such figure.
 */
export async function processCpuUs(pid: number, proc = '/proc'): Promise<number | null> {
  let totalUs = 0
  let isThere = false
  const pending = [pid]
  const seen = new Set<number>()
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    for (const task of await readdir(`${proc}/${next}/task`).catch(() => [])) {
      const path = `${proc}/${next}/task/${task}`
      const [ran = ''] = (await readOr(`${path}/schedstat`)).split(' ', 1)
      if (ran !== '' && Number.isFinite(Number(ran))) {
        isThere = true
        totalUs += Number(ran) / 1000
      }
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

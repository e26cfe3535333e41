import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const GONE_MS = 10_000

/** The fake node and proxy. */
export const FAKE_PART = fileURLToPath(new URL('./fixtures/fake-part.ts', import.meta.url))

/** Is there such a process, other than a dead one that nobody has collected yet? */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Resolves when none of them runs; throws naming those that still do after 10 s. */
export async function whenGone(pids: readonly number[]): Promise<void> {
  const deadlineMs = performance.now() + GONE_MS
  for (;;) {
    const left = pids.filter(isRunning)
    if (left.length === 0) return
    if (performance.now() > deadlineMs) throw new Error(`still running: ${left.join(', ')}`)
    await delay(20)
  }
}

/** A pid that can be signalled. Signalling 0 would end the test's own process group. */
export function demandPid(pid: number | undefined): number {
  if (pid === undefined || pid <= 1) throw new Error(`no process of its own: ${pid}`)
  return pid
}

import { readlinkSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string
}

const PREFIX = 'stillin'

/**
 * A folder of mode 0700 that is removed when disposed. One whose owner was killed is removed by the next lab: its name
 * says which process made it, and in which process namespace that number means something.
 */
export async function temporaryFolder(parent: string = tmpdir()): Promise<TemporaryFolder> {
  await removeAbandoned(parent)
  const path = await mkdtemp(join(parent, `${PREFIX}-${processNamespace()}-${process.pid}-`))
  return { path, [Symbol.asyncDispose]: () => remove(path) }
}

async function removeAbandoned(parent: string): Promise<void> {
  const ours = new RegExp(`^${PREFIX}-${processNamespace()}-(\\d{1,10})-`)
  const names = await readdir(parent).catch(() => [])
  const abandoned = names.filter((name) => {
    const pid = Number(ours.exec(name)?.[1] ?? Number.NaN)
    return !Number.isNaN(pid) && !isAlive(pid)
  })
  await Promise.all(abandoned.map((name) => remove(join(parent, name)).catch(() => {})))
}

async function remove(path: string): Promise<void> {
  // A process that was just ended may have files open on some file systems; a short patience covers it.
  await rm(path, { recursive: true, force: true, maxRetries: 3, retryDelay: 50 })
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function processNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid').replace(/\D/g, '')
  } catch {
    return 'host'
  }
}

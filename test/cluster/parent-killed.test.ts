import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findProgram } from '#cluster/find-program.ts'
import { testRedis } from '../redis.ts'
import { isRunning, whenGone } from './processes.ts'

const LAB = fileURLToPath(new URL('./fixtures/doomed-lab.ts', import.meta.url))
const PATH = process.env['PATH'] ?? ''

let emptyFolder: string
beforeAll(async () => {
  // So that the lab finds its Redis in the cache, where the PATH below leads to none.
  await using _redis = await testRedis()
  emptyFolder = await mkdtemp(join(tmpdir(), 'path-'))
})
afterAll(() => rm(emptyFolder, { recursive: true }))

function startLab(path: string, ...args: string[]): ChildProcess {
  return spawn(process.execPath, [LAB, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: path, HOME: process.env['HOME'], TMPDIR: process.env['TMPDIR'] },
  })
}

async function pidsOf(lab: ChildProcess): Promise<number[]> {
  if (lab.stdout === null) throw new Error('its output cannot be read')
  const [line] = await once(createInterface({ input: lab.stdout }), 'line', {
    signal: AbortSignal.timeout(25_000),
  })
  return JSON.parse(String(line)) as number[]
}

/** A PATH with redis-server where this machine has one installed, and without setpriv. */
async function pathWithoutSetpriv(): Promise<string> {
  const redis = await findProgram('redis-server', PATH)
  if (redis !== undefined) await symlink(redis, join(emptyFolder, 'redis-server'))
  return emptyFolder
}

describe('when the lab is killed with SIGKILL', () => {
  it.each([
    ['by the kernel, where setpriv is installed', async () => PATH],
    ['by a guardian process elsewhere', pathWithoutSetpriv],
  ])('Redis and every child end with it, also a stopped one: %s', async (_how, path) => {
    const lab = startLab([await path()].join(delimiter))
    const pids = await pidsOf(lab)
    expect(pids).toHaveLength(6)
    expect(pids.every(isRunning)).toBe(true)
    lab.kill('SIGKILL')
    await whenGone(pids)
  })

  it.skipIf(process.platform !== 'linux')(
    'memcached and every process of PostgreSQL end with it, where they are installed',
    async () => {
      const lab = startLab(PATH, 'stores')
      try {
        const pids = await pidsOf(lab)
        // PostgreSQL has workers that come and go.
        expect(pids.filter(isRunning).length).toBeGreaterThanOrEqual(6)
        lab.kill('SIGKILL')
        await whenGone(pids)
      } finally {
        lab.kill('SIGKILL')
      }
    },
  )
})

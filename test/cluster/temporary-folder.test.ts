import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { temporaryFolder } from '#cluster/temporary-folder.ts'

let parent: string
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'parent-'))
})
afterEach(() => rm(parent, { recursive: true }))

describe('a temporary folder', () => {
  it('is this user’s alone and is removed with what is in it', async () => {
    {
      await using folder = await temporaryFolder(parent)
      expect((await stat(folder.path)).mode & 0o777).toBe(0o700)
      await writeFile(join(folder.path, 'keys.json'), '{}')
    }
    expect(await readdir(parent)).toEqual([])
  })

  it('of a process that was killed is removed by the next one', async () => {
    await using first = await temporaryFolder(parent)
    // No process has a number as high as this.
    const abandoned = basename(first.path).replace(`-${process.pid}-`, '-2000000000-')
    await mkdir(join(parent, abandoned))
    await mkdir(join(parent, 'stillin-somebody-elses'))
    await using second = await temporaryFolder(parent)
    const left = [basename(first.path), basename(second.path), 'stillin-somebody-elses']
    expect((await readdir(parent)).sort()).toEqual(left.sort())
  })
})

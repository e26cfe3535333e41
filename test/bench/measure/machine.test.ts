import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { cgroupCpuLimit, describeEnvironment } from '#bench/measure/environment.ts'
import { readGitCommit } from '#bench/measure/git-commit.ts'
import { markNoise, noiseBetween, noiseFlags } from '#bench/measure/noise.ts'

const folders: string[] = []

async function folderWith(files: Record<string, string>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'stillin-measure-'))
  folders.push(root)
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(root, path, '..'), { recursive: true })
    await writeFile(join(root, path), content)
  }
  return root
}

afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
})

const SHA = 'a'.repeat(40)

test.each([
  ['on a branch', { '.git/HEAD': 'ref: refs/heads/main\n', '.git/refs/heads/main': `${SHA}\n` }],
  [
    'on a packed branch',
    { '.git/HEAD': 'ref: refs/heads/main\n', '.git/packed-refs': `# pack\n${SHA} refs/heads/main\n` },
  ],
  ['detached', { '.git/HEAD': `${SHA}\n` }],
  [
    'in a linked worktree',
    {
      '.git': 'gitdir: elsewhere/worktrees/w\n',
      'elsewhere/worktrees/w/HEAD': 'ref: refs/heads/w\n',
      'elsewhere/worktrees/w/commondir': '../..\n',
      'elsewhere/refs/heads/w': `${SHA}\n`,
    },
  ],
])('a commit is found %s', async (_, files) => {
  expect(await readGitCommit(await folderWith(files))).toBe(SHA)
})

test('no repository, or a branch without a commit, has no commit', async () => {
  expect(await readGitCommit(await folderWith({ x: '' }))).toBeNull()
  expect(await readGitCommit(await folderWith({ '.git/HEAD': 'ref: refs/heads/none\n' }))).toBeNull()
})

test('the environment tells machines apart: processor, runtime, lock file', async () => {
  const root = await folderWith({ 'package-lock.json': '{}', '.git/HEAD': SHA })
  const input = { root, gitDirty: true, redis: null, forwarder: 'http-proxy', loadBefore: 0.5 }
  const environment = await describeEnvironment(input)
  expect(environment).toMatchObject({
    node: process.versions.node,
    gitSha: SHA,
    gitDirty: true,
    lockfileSha256: '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
    loadBefore: 0.5,
  })
  expect(environment.cores).toBeGreaterThan(0)
  expect(environment.cpuModel).not.toBe('')
})

test('a limit of the control group is read in either version, and no limit is none', async () => {
  expect(await cgroupCpuLimit(await folderWith({ 'cpu.max': '150000 100000\n' }))).toBe(1.5)
  expect(await cgroupCpuLimit(await folderWith({ 'cpu.max': 'max 100000\n' }))).toBeNull()
  const old = { 'cpu/cpu.cfs_quota_us': '200000', 'cpu/cpu.cfs_period_us': '100000' }
  expect(await cgroupCpuLimit(await folderWith(old))).toBe(2)
  expect(await cgroupCpuLimit(await folderWith({ 'cpu/cpu.cfs_quota_us': '-1' }))).toBeNull()
})

test('steal and pressure are shares of what passed between two marks; steal flags a window', async () => {
  const before = await folderWith({
    stat: 'cpu  100 0 100 800 0 0 0 0 0 0\n',
    'pressure/cpu': 'some avg10=0 total=1000\n',
  })
  const after = await folderWith({
    stat: 'cpu  150 0 120 820 0 0 0 10 40 0\n',
    'pressure/cpu': 'some avg10=0 total=501000\n',
  })
  const start = { ...(await markNoise(before)), atUs: 0 }
  const noise = noiseBetween(start, { ...(await markNoise(after)), atUs: 1_000_000 })
  expect(noise).toEqual({ stealShare: 0.1, pressureShare: 0.5 })
  expect(noiseFlags(noise)).toEqual(['steal 10.0 %'])
  expect(noiseFlags({ stealShare: 0.01, pressureShare: 0.9 })).toEqual([])
})

test('where the kernel tells nothing, nothing is claimed', async () => {
  const nowhere = await folderWith({ x: '' })
  const noise = noiseBetween(await markNoise(nowhere), await markNoise(nowhere))
  expect(noise).toEqual({ stealShare: null, pressureShare: null })
  expect(noiseFlags(noise)).toEqual([])
})

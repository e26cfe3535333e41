import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { examineProgram } from '#cluster/examine/examine-program.ts'
import { examineRedis } from '#cluster/examine/examine-redis.ts'
import { examineTools } from '#cluster/examine/examine-tools.ts'
import { temporaryFolder } from '#cluster/temporary-folder.ts'

const K6 = {
  name: 'k6',
  package: 'k6',
  files: ['k6'],
  versionArgs: ['version'],
  neededFor: 'scripts',
  elsewhere: 'read its manual',
} as const

/** A folder of programs, each a shell script. */
async function folderOf(scripts: Readonly<Record<string, string>>) {
  const folder = await temporaryFolder()
  await Promise.all(
    Object.entries(scripts).map(async ([name, script]) => {
      const file = join(folder.path, name)
      await writeFile(file, `#!/bin/sh\n${script}\n`)
      await chmod(file, 0o755)
    }),
  )
  return folder
}

describe('a program is', () => {
  it('ready with its version, when it runs', async () => {
    await using folder = await folderOf({ k6: 'echo "k6 v1.8.1 (go1.26)"' })
    const finding = await examineProgram(K6, folder.path)
    expect(finding).toMatchObject({ condition: 'ready', here: `1.8.1, ${folder.path}/k6`, toGet: null })
  })

  it('unusable with its own words, when it does not', async () => {
    await using folder = await folderOf({ k6: 'echo "wrong machine" >&2; exit 1' })
    const finding = await examineProgram(K6, folder.path)
    expect(finding.condition).toBe('unusable')
    expect(finding.here).toContain('does not run: wrong machine')
  })

  it('missing, with the command of this system or where to read how', async () => {
    await using debian = await folderOf({ 'apt-get': '' })
    expect(await examineProgram(K6, debian.path)).toMatchObject({
      condition: 'missing',
      toGet: 'read its manual',
    })
    const perf = { ...K6, package: 'perf' } as const
    expect(await examineProgram(perf, debian.path)).toMatchObject({
      toGet: 'sudo apt-get install linux-perf',
    })
  })
})

it('a store that stillin fetches by itself is not missing where it can be fetched', async () => {
  await using debian = await folderOf({ 'apt-get': '', dpkg: '' })
  await using other = await folderOf({ brew: '' })
  const store = { ...K6, name: 'Memcached', package: 'memcached', fetched: true } as const
  expect(await examineProgram(store, debian.path)).toMatchObject({ condition: 'on-demand', toGet: null })
  expect(await examineProgram(store, other.path)).toMatchObject({ toGet: 'brew install memcached' })
})

describe('Redis is', () => {
  it('fetched on demand where the distribution can be asked, and missing where not', async () => {
    await using debian = await folderOf({ 'apt-get': '', dpkg: '' })
    await using bare = await folderOf({ brew: '' })
    expect(await examineRedis(undefined, debian.path, bare.path)).toMatchObject({ condition: 'on-demand' })
    expect(await examineRedis(undefined, bare.path, bare.path)).toMatchObject({
      condition: 'missing',
      toGet: 'brew install redis',
    })
  })

  it('the one that was named and no other', async () => {
    await using path = await folderOf({ 'redis-server': 'echo v=7.0.15' })
    const finding = await examineRedis('redis://:secret@127.0.0.1:1', path.path, path.path)
    expect(finding.condition).toBe('unusable')
    expect(finding.here).toMatch(/^REDIS_URL: 127\.0\.0\.1:1 /)
    expect(JSON.stringify(finding)).not.toContain('secret')
  })
})

it('Docker without a daemon is unusable, and its plugin counts as Compose', async () => {
  const script =
    'case "$1" in --version) echo "Docker version 28.2.2";; compose) echo 2.40.0;; *) exit 1;; esac'
  await using folder = await folderOf({ docker: script })
  const findings = await examineTools(undefined, folder.path)
  const of = (name: string) => findings.find((finding) => finding.name === name)
  expect(of('Docker')).toMatchObject({ condition: 'unusable', toGet: 'sudo systemctl start docker' })
  expect(of('Compose')).toMatchObject({ condition: 'ready', here: '2.40.0, as docker compose' })
})

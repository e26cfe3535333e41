import { once } from 'node:events'
import { existsSync, watch } from 'node:fs'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ClusterFile, ClusterState } from '#contract/control.ts'
import { EXIT } from '#contract/errors.ts'
import { HEADERS } from '#contract/headers.ts'
import { demandPid, whenGone } from '../cluster/processes.ts'
import { testRedis } from '../redis.ts'
import { type RunningCommand, runCommand, startCommand, workingFolder } from './run-command.ts'

interface Up extends AsyncDisposable {
  readonly folder: string
  readonly command: RunningCommand
  readonly cluster: ClusterFile
  readonly pids: readonly number[]
}

async function up(...args: string[]): Promise<Up> {
  await using resources = new AsyncDisposableStack()
  const folder = resources.use(await workingFolder()).path
  const command = startCommand(['up', '--port', '0', '--json', '--users', '3', ...args], folder)
  resources.defer(async () => {
    command.child.kill('SIGTERM')
    await command.ended
  })
  const cluster = JSON.parse(await command.firstLine) as ClusterFile
  const status = await runCommand(['status', '--json'], folder)
  const { parts } = JSON.parse(status.out) as ClusterState
  const owned = resources.move()
  return {
    folder,
    command,
    cluster,
    pids: parts.flatMap(({ pid }) => pid ?? []),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

describe('stillin up', { timeout: 90_000 }, () => {
  it('runs a cluster that other commands find, switch, break and end', async () => {
    await using _cached = await testRedis()
    await using lab = await up('--nodes', '2', '--mode', 'local')
    const stillin = (...args: string[]) => runCommand(args, lab.folder)
    const file = join(lab.folder, '.stillin/cluster.json')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(lab.cluster)
    expect(lab.cluster.nodes.map(({ id }) => id)).toEqual(['node-1', 'node-2'])

    expect(await stillin('mode', 'redis')).toMatchObject({
      code: 0,
      out: expect.stringContaining('mode redis, generation 2'),
    })
    const answer = await fetch(`${lab.cluster.proxy.url}/me`)
    expect([answer.status, answer.headers.get(HEADERS.mode)]).toEqual([401, 'redis@2'])

    const victim = lab.cluster.nodes[1]
    expect((await stillin('kill', 'node-2')).out).toBe('node-2 killed\n')
    await whenGone([demandPid(victim?.pid)])
    expect(await stillin('kill', 'node-2')).toMatchObject({
      code: EXIT.failure,
      err: 'stillin: node-2 is stopped already\n',
    })
    const { out: status } = await stillin('status')
    expect(status).toMatch(/node-2 .* stopped/)
    expect(status).toContain(`${lab.cluster.control.url}/#token=${lab.cluster.control.token}`)
    expect((await stillin('start', 'node-2')).code).toBe(0)
    const back = await fetch(`${victim?.url}/me`)
    expect(back.headers.get(HEADERS.mode)).toBe('redis@2')

    const second = await stillin('up', '--port', '0', '--no-redis')
    expect([second.code, second.err]).toEqual([
      EXIT.unavailable,
      expect.stringContaining('a cluster runs here already'),
    ])

    expect((await stillin('down')).out).toBe('the cluster is down\n')
    expect(await lab.command.ended).toMatchObject({ code: EXIT.ok, out: `${JSON.stringify(lab.cluster)}\n` })
    await whenGone(lab.pids)
    expect(existsSync(file)).toBe(false)
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('stops everything on %s', async (signal) => {
    await using lab = await up('--nodes', '1', '--no-redis')
    lab.command.child.kill(signal)
    expect((await lab.command.ended).code).toBe(EXIT.interrupted)
    await whenGone(lab.pids)
    expect(existsSync(join(lab.folder, '.stillin/cluster.json'))).toBe(false)
  })

  it('leaves no process when it is killed itself, and the next one starts over its file', async () => {
    await using lab = await up('--nodes', '1', '--no-redis')
    lab.command.child.kill('SIGKILL')
    await whenGone(lab.pids)
    expect(existsSync(join(lab.folder, '.stillin/cluster.json'))).toBe(true)
    const again = startCommand(['up', '--port', '0', '--no-redis', '--nodes', '1', '--json'], lab.folder)
    expect(JSON.parse(await again.firstLine)).toHaveProperty('proxy.url')
    again.child.kill('SIGINT')
    expect((await again.ended).code).toBe(EXIT.interrupted)
  })

  it('takes its settings from the file, and says what to try in that mode', async () => {
    await using folder = await workingFolder()
    await writeFile(join(folder.path, 'stillin.config.json'), '{"mode":"jwt","nodes":1,"port":0,"users":3}')
    const command = startCommand(['up', '--no-redis'], folder.path)
    await command.firstLine
    command.child.kill('SIGINT')
    const { code, out } = await command.ended
    expect(out).toContain('Mode jwt')
    expect(out).toContain('authorization: Bearer $token')
    // Asked last with what was held before the logout: the question is who is still in.
    expect(out).toMatch(/ask again with the token of before.*\n.*\/logout\n.*Bearer \$token.*\/me\n/)
    expect(code).toBe(EXIT.interrupted)
  })

  it('leaves nothing when it is told to stop while it starts', async () => {
    await using folder = await workingFolder()
    await using temporary = await workingFolder()
    const begun = once(watch(temporary.path), 'change', { signal: AbortSignal.timeout(60_000) })
    const args = ['up', '--no-redis', '--port', '0', '--json']
    const early = startCommand(args, folder.path, { TMPDIR: temporary.path })
    await begun
    early.child.kill('SIGINT')
    expect(await early.ended).toMatchObject({ code: EXIT.interrupted, out: '' })
    const left = await readdir(temporary.path)
    expect(left.filter((name) => name.startsWith('stillin-'))).toEqual([])
    expect(await readdir(folder.path)).toEqual([])
  })
})

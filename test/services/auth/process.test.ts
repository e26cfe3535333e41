import type { ChildProcess } from 'node:child_process'
import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { freshKeyRing } from './keys.ts'
import { ADMIN_TOKEN, nodeEnvironment, temporaryFolder } from './test-node.ts'

const MAIN = join(import.meta.dirname, '../../../services/auth/main.ts')

interface Ready {
  type: string
  pid: number
  url: string
  adminUrl: string
}

let folder: ReturnType<typeof temporaryFolder>
const children: ChildProcess[] = []
beforeEach(() => {
  folder = temporaryFolder()
})
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  folder[Symbol.dispose]()
})

function environment(more: Record<string, string> = {}, keys = freshKeyRing()) {
  return { PATH: process.env['PATH'], ...nodeEnvironment(folder.path, keys, more) }
}

async function started(more: Record<string, string> = {}): Promise<[ChildProcess, Ready]> {
  const child = fork(MAIN, { env: environment(more), stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  children.push(child)
  const [message] = (await once(child, 'message')) as [Ready]
  return [child, message]
}

/** Runs main.ts without a parent that listens; answers its exit code and what it said. */
async function ended(env: NodeJS.ProcessEnv): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  children.push(child)
  let said = ''
  child.stderr.on('data', (chunk) => {
    said += chunk
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, said }
}

describe('a node as a process', () => {
  test('says where it is when both listeners answer', async () => {
    const [child, ready] = await started()
    expect(ready).toMatchObject({ type: 'ready', pid: child.pid })
    expect((await fetch(`${ready.url}/readyz`)).status).toBe(200)
    const usage = await fetch(`${ready.adminUrl}/usage`, {
      headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
    })
    expect(((await usage.json()) as { pid: number }).pid).toBe(child.pid)
  })

  test('told to leave ends what it is at, takes nothing new, and exits with 0', async () => {
    const [child, { url, adminUrl }] = await started()
    const admin = (method: string, path: string, body?: object) =>
      fetch(`${adminUrl}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${ADMIN_TOKEN}`,
          'content-type': 'application/json',
          connection: 'close',
        },
        ...(body && { body: JSON.stringify(body) }),
      })
    await admin('PUT', '/gates/lookup-after-read', { held: true })
    const agent = new Agent({ keepAlive: true })
    const answer = new Promise<[number | undefined, string | undefined]>((resolve, reject) => {
      request(`${url}/me`, { agent }, (response) => {
        response.resume()
        response.on('end', () => resolve([response.statusCode, response.headers.connection]))
      })
        .on('error', reject)
        .end()
    })
    await admin('GET', '/gates/lookup-after-read')
    // Opened before the drain, so that the gate can be opened during it.
    const release = request(`${adminUrl}/gates/lookup-after-read`, {
      method: 'PUT',
      headers: {
        authorization: `Bearer ${ADMIN_TOKEN}`,
        'content-type': 'application/json',
        'content-length': 14,
      },
    })
    release.flushHeaders()
    await once(release, 'socket').then(([socket]) =>
      socket.connecting ? once(socket, 'connect') : undefined,
    )
    await admin('GET', '/usage')
    child.kill('SIGTERM')
    const exit = once(child, 'exit')
    await expect
      .poll(() =>
        fetch(`${url}/livez`, { headers: { connection: 'close' } }).then(
          () => 'open',
          () => 'refused',
        ),
      )
      .toBe('refused')
    release.end('{"held":false}')
    await once(release, 'response').then(([response]) => response.resume())
    expect(await answer).toEqual([401, 'close'])
    expect(await exit).toEqual([0, null])
    agent.destroy()
  })

  test('cuts off what does not end within five seconds', async () => {
    const [child, { url, adminUrl }] = await started()
    await fetch(`${adminUrl}/gates/lookup-after-read`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
      body: '{"held":true}',
    })
    const lookup = fetch(`${url}/me`).then(
      () => 'answered',
      () => 'cut',
    )
    await fetch(`${adminUrl}/gates/lookup-after-read`, {
      headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
    })
    const startedAt = performance.now()
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
    expect(await lookup).toBe('cut')
    expect(performance.now() - startedAt).toBeGreaterThan(4_500)
    expect(performance.now() - startedAt).toBeLessThan(9_000)
  })

  test('leaves when its parent dies, also by SIGKILL', async () => {
    const parentFile = join(folder.path, 'parent.mjs')
    writeFileSync(
      parentFile,
      `import { fork } from 'node:child_process'
       const child = fork(${JSON.stringify(MAIN)}, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
       child.on('message', (message) => process.send(message))`,
    )
    const parent = fork(parentFile, { env: environment() })
    children.push(parent)
    const [ready] = (await once(parent, 'message')) as [Ready]
    expect((await fetch(`${ready.url}/livez`)).status).toBe(200)
    parent.kill('SIGKILL')
    await expect
      .poll(
        () =>
          fetch(`${ready.url}/livez`).then(
            () => 'alive',
            () => 'gone',
          ),
        { timeout: 5_000 },
      )
      .toBe('gone')
  })
})

describe('a node that cannot start', () => {
  test('says why in one line and exits with 2, over IPC too', async () => {
    const bad = environment({ STILLIN_MODE: 'nonsense' })
    const { code, said } = await ended(bad)
    expect(code).toBe(2)
    expect(said).toBe(
      'stillin node: STILLIN_MODE: expected one of local, sticky, redis, cookie, jwt, got "nonsense"\n',
    )
    const child = fork(MAIN, { env: bad, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
    children.push(child)
    const [[message], [exitCode]] = await Promise.all([once(child, 'message'), once(child, 'exit')])
    expect(message).toMatchObject({ type: 'failed', message: expect.stringMatching(/^STILLIN_MODE: /) })
    expect(exitCode).toBe(2)
  })

  test('names a key ring, a directory or a verifier that does not fit', async () => {
    const rs = await ended(
      environment({ STILLIN_MODE: 'jwt', STILLIN_JWT_VERIFIER: 'node' }, freshKeyRing('RS256')),
    )
    expect(rs).toEqual({
      code: 2,
      said: expect.stringMatching(/^stillin node: STILLIN_JWT_VERIFIER: node verifies HS256 only.*\n$/),
    })
    const missing = await ended(environment({ STILLIN_KEYS_FILE: '/nowhere/keys.json' }))
    expect(missing).toEqual({
      code: 2,
      said: expect.stringMatching(/^stillin node: STILLIN_KEYS_FILE: .*\n$/),
    })
    const ring = freshKeyRing()
    ring.signing.currentKid = 'k9'
    const wrongRing = await ended(environment({}, ring))
    expect(wrongRing).toEqual({ code: 2, said: expect.stringMatching(/currentKid names no key/) })
    const directory = await ended(environment({ STILLIN_DIRECTORY_FILE: '/nowhere/users.sqlite' }))
    expect(directory).toEqual({
      code: 2,
      said: expect.stringMatching(/^stillin node: STILLIN_DIRECTORY_FILE: .*\n$/),
    })
  })

  test('because its port is taken exits with 4', async () => {
    const taken = createServer()
    taken.listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo
    const { code, said } = await ended(environment({ STILLIN_PORT: String(port) }))
    taken.close()
    expect([code, said]).toEqual([4, expect.stringMatching(/^stillin node: STILLIN_PORT: .*EADDRINUSE/)])
  })
})

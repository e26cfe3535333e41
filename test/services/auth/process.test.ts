import { fork } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Ready } from './node-processes.ts'
import { MAIN, NodeProcesses } from './node-processes.ts'
import { ADMIN_TOKEN } from './test-node.ts'

let nodes: NodeProcesses
beforeEach(() => {
  nodes = new NodeProcesses()
})
afterEach(() => nodes[Symbol.asyncDispose]())

describe('a node as a process', () => {
  test('says where it is when both listeners answer', async () => {
    const [child, ready] = await nodes.started()
    expect(ready).toMatchObject({ type: 'ready', pid: child.pid })
    expect((await fetch(`${ready.url}/readyz`)).status).toBe(200)
    const usage = await fetch(`${ready.adminUrl}/usage`, {
      headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
    })
    expect(((await usage.json()) as { pid: number }).pid).toBe(child.pid)
  })

  test('told to leave ends what it is at, takes nothing new, and exits with 0', async () => {
    const [child, { url, adminUrl }] = await nodes.started()
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
    const [child, { url, adminUrl }] = await nodes.started()
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
    const parentFile = join(nodes.folder.path, 'parent.mjs')
    writeFileSync(
      parentFile,
      `import { fork } from 'node:child_process'
       const child = fork(${JSON.stringify(MAIN)}, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
       child.on('message', (message) => process.send(message))`,
    )
    const parent = fork(parentFile, { env: nodes.environment() })
    nodes.own(parent)
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

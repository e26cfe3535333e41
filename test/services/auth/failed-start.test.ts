import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { MODE_NAMES } from '#contract/modes.ts'
import { freshKeyRing } from './keys.ts'
import { MAIN, NodeProcesses } from './node-processes.ts'

let nodes: NodeProcesses
beforeEach(() => {
  nodes = new NodeProcesses()
})
afterEach(() => nodes[Symbol.asyncDispose]())

describe('a node that cannot start', () => {
  test('says why in one line and exits with 2, over IPC too', async () => {
    const bad = nodes.environment({ STILLIN_MODE: 'nonsense' })
    const { code, said } = await nodes.ended(bad)
    expect(code).toBe(2)
    expect(said).toBe(
      `stillin node: STILLIN_MODE: expected one of ${MODE_NAMES.join(', ')}, got "nonsense"\n`,
    )
    const child = fork(MAIN, { env: bad, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
    nodes.own(child)
    const [[message], [exitCode]] = await Promise.all([once(child, 'message'), once(child, 'exit')])
    expect(message).toMatchObject({ type: 'failed', message: expect.stringMatching(/^STILLIN_MODE: /) })
    expect(exitCode).toBe(2)
  })

  test('names a key ring, a directory or a verifier that does not fit', async () => {
    const rs = await nodes.ended(
      nodes.environment({ STILLIN_MODE: 'jwt', STILLIN_JWT_VERIFIER: 'node' }, freshKeyRing('RS256')),
    )
    expect(rs).toEqual({
      code: 2,
      said: expect.stringMatching(/^stillin node: STILLIN_JWT_VERIFIER: node verifies HS256 only.*\n$/),
    })
    const missing = await nodes.ended(nodes.environment({ STILLIN_KEYS_FILE: '/nowhere/keys.json' }))
    expect(missing).toEqual({
      code: 2,
      said: expect.stringMatching(/^stillin node: STILLIN_KEYS_FILE: .*\n$/),
    })
    const ring = freshKeyRing()
    ring.signing.currentKid = 'k9'
    const wrongRing = await nodes.ended(nodes.environment({}, ring))
    expect(wrongRing).toEqual({ code: 2, said: expect.stringMatching(/currentKid names no key/) })
    const directory = await nodes.ended(
      nodes.environment({ STILLIN_DIRECTORY_FILE: '/nowhere/users.sqlite' }),
    )
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
    const { code, said } = await nodes.ended(nodes.environment({ STILLIN_PORT: String(port) }))
    taken.close()
    expect([code, said]).toEqual([4, expect.stringMatching(/^stillin node: STILLIN_PORT: .*EADDRINUSE/)])
  })
})

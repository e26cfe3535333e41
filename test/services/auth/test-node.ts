import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { KeyRing } from '#contract/keys.ts'
import type { NodeUsage } from '#contract/node-admin.ts'
import { systemClock } from '#services/auth/clock.ts'
import { readNodeConfig } from '#services/auth/config.ts'
import { buildNode } from '#services/auth/node.ts'
import { freshKeyRing } from './keys.ts'

export const ADMIN_TOKEN = 'test-admin-token-0123456789'

export interface TestNode extends AsyncDisposable {
  url: string
  adminUrl: string
  keyRing: KeyRing
  /** Which a second node can share. */
  directoryFile: string
  /** Moves this node's clock on. */
  advance(ms: number): void
  admin(method: string, path: string, body?: unknown): Promise<Response>
  usage(): Promise<NodeUsage>
  switchTo(mode: string, generation: number): Promise<void>
}

/** The environment of a node in a folder of its own. */
export function nodeEnvironment(folder: string, keyRing: KeyRing, more: Record<string, string> = {}) {
  const keysFile = join(folder, 'keys.json')
  writeFileSync(keysFile, JSON.stringify(keyRing), { mode: 0o600 })
  return {
    NODE_ENV: 'test',
    STILLIN_NODE_ID: 'node-1',
    STILLIN_PORT: '0',
    STILLIN_ADMIN_PORT: '0',
    STILLIN_ADMIN_TOKEN: ADMIN_TOKEN,
    STILLIN_MODE: 'local',
    STILLIN_KEYS_FILE: keysFile,
    STILLIN_DIRECTORY_FILE: join(folder, 'users.sqlite'),
    STILLIN_USERS: '20',
    STILLIN_PEERS: 'none',
    ...more,
  }
}

export function temporaryFolder(): { path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'stillin-auth-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

/** A node in this process, on free ports, with a directory of its own and a clock that the test moves. */
export async function testNode(
  settings: Record<string, string> = {},
  keyRing: KeyRing = freshKeyRing(),
): Promise<TestNode> {
  // Goes again where the node is not built.
  using unbuilt = new DisposableStack()
  const folder = unbuilt.use(temporaryFolder())
  const clock = systemClock()
  let offsetMs = 0
  const node = await buildNode(readNodeConfig(nodeEnvironment(folder.path, keyRing, settings)), clock)
  const { url, adminUrl } = await node.listen()
  unbuilt.move()
  const admin = (method: string, path: string, body?: unknown) =>
    fetch(`${adminUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${ADMIN_TOKEN}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  return {
    url,
    adminUrl,
    keyRing,
    directoryFile: join(folder.path, 'users.sqlite'),
    advance(ms) {
      offsetMs += ms
      clock.setOffset(offsetMs)
    },
    admin,
    usage: async () => (await (await admin('GET', '/usage')).json()) as NodeUsage,
    async switchTo(mode, generation) {
      for (const phase of ['prepare', 'commit']) {
        const answer = await admin('PUT', '/mode', { mode, generation, phase })
        if (answer.status !== 200)
          throw new Error(`${phase} ${mode}: ${answer.status} ${await answer.text()}`)
      }
    },
    async [Symbol.asyncDispose]() {
      await node.drain(1_000)
      folder[Symbol.dispose]()
    },
  }
}

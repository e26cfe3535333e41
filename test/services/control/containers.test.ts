import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Child, startChild } from '#cluster/child.ts'
import { freePort, freePorts } from '#cluster/free-port.ts'
import type { ClusterState } from '#contract/control.ts'
import { FAKE_PART } from '../../cluster/processes.ts'

const CONTROL = fileURLToPath(new URL('../../../services/control/main.ts', import.meta.url))
const LIMIT = 20_000

/** Control as a container runs it: no supervisor, the parts by their addresses. */
class ContainerControl implements AsyncDisposable {
  readonly url: string
  readonly #process
  constructor(port: number, parts: string, mode: string) {
    this.url = `http://127.0.0.1:${port}`
    const env = {
      PATH: process.env['PATH'],
      STILLIN_PORT: String(port),
      STILLIN_CONTROL_TOKEN: 'control',
      STILLIN_ADMIN_TOKEN: 'admin',
      STILLIN_MODE: mode,
      STILLIN_PARTS: parts,
    }
    this.#process = spawn(process.execPath, [CONTROL], { env, stdio: 'inherit' })
  }

  async ask(method: string, path: string, body?: object): Promise<{ status: number; body: unknown }> {
    const answer = await fetch(this.url + path, {
      method,
      headers: { authorization: 'Bearer control', ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const text = await answer.text()
    return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) }
  }

  /** Resolves when the cluster's state is as wanted. */
  async until(wanted: (state: ClusterState) => boolean): Promise<ClusterState> {
    const overdue = AbortSignal.timeout(LIMIT)
    for (;;) {
      const state = (await this.ask('GET', '/cluster').catch(() => undefined))?.body as
        | ClusterState
        | undefined
      if (state !== undefined && wanted(state)) return state
      if (overdue.aborted) throw new Error(`never came about; last: ${JSON.stringify(state)}`)
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill('SIGTERM')
    if (this.#process.exitCode === null) await once(this.#process, 'exit')
  }
}

const allReady = (state: ClusterState) =>
  state.parts.length === 2 && state.parts.every(({ condition }) => condition === 'ready')

let ports: number[]
let list: string
let parts: Child[]

function startPart(index: number, mode: string): Promise<Child> {
  const env = {
    STILLIN_PORT: String(ports[2 * index]),
    STILLIN_ADMIN_PORT: String(ports[2 * index + 1]),
    STILLIN_ADMIN_TOKEN: 'admin',
    STILLIN_MODE: mode,
  }
  return startChild({ entry: FAKE_PART, name: `part-${index}`, env })
}

beforeEach(async () => {
  ports = await freePorts(4)
  const address = (index: number) =>
    `http://127.0.0.1:${ports[2 * index]}|http://127.0.0.1:${ports[2 * index + 1]}`
  list = `proxy=${address(0)}, node-1=${address(1)}`
  parts = await Promise.all([startPart(0, 'local'), startPart(1, 'local')])
})
afterEach(() => Promise.all(parts.map((part) => part.stop())))

describe('control without a supervisor', () => {
  it('finds its parts, switches them, and tells one that comes back the mode it missed', async () => {
    await using control = new ContainerControl(await freePort(), list, 'local')
    await control.until(allReady)
    expect(await control.ask('PUT', '/mode', { mode: 'jwt' })).toEqual({
      status: 200,
      body: { mode: 'jwt', generation: 2 },
    })
    expect((await control.ask('POST', '/parts/node-1/kill')).status).toBe(409)

    await parts[1]?.stop()
    await control.until((state) => state.parts.some(({ condition }) => condition === 'stopped'))
    parts[1] = await startPart(1, 'local')
    await control.until(allReady)
    const adminUrl = parts[1].ready.adminUrl
    for (const overdue = AbortSignal.timeout(LIMIT); ; overdue.throwIfAborted()) {
      const answer = await fetch(`${adminUrl}/usage`, { headers: { authorization: 'Bearer admin' } })
      const usage = (await answer.json()) as { mode: string; generation: number }
      if (usage.generation === 2 && usage.mode === 'jwt') break
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
  })

  it('learns from its parts what it had decided before it was restarted', async () => {
    {
      await using first = new ContainerControl(await freePort(), list, 'local')
      await first.until(allReady)
      await first.ask('PUT', '/mode', { mode: 'cookie' })
    }
    await using second = new ContainerControl(await freePort(), list, 'local')
    const state = await second.until(allReady)
    expect(state).toMatchObject({ mode: 'cookie', generation: 2 })
    expect((await second.ask('PUT', '/mode', { mode: 'jwt' })).body).toEqual({ mode: 'jwt', generation: 3 })
  })
})

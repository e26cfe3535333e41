import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { FORWARDER_NAMES } from '#contract/environment.ts'
import { EXIT } from '#contract/errors.ts'
import type { ProxyUsage } from '#contract/node-admin.ts'
import type { ProxyEvent, ProxyState } from '#contract/proxy-admin.ts'
import type { ReadyMessage } from '#contract/supervision.ts'
import {
  end,
  keysFile,
  type ProxyProcess,
  startProxyProcess,
  startUpstream,
  type UpstreamProcess,
} from './processes.ts'
import { RawClient } from './raw-client.ts'

const TOKEN = 'token-of-this-test'
const children: { process: ChildProcess }[] = []

function base(keys: string, upstreams: readonly { id: string; url: string }[]): Record<string, string> {
  return {
    STILLIN_PORT: '0',
    STILLIN_ADMIN_PORT: '0',
    STILLIN_ADMIN_TOKEN: TOKEN,
    STILLIN_MODE: 'local',
    STILLIN_KEYS_FILE: keys,
    STILLIN_UPSTREAMS: upstreams.map(({ id, url }) => `${id}=${url}`).join(','),
  }
}

async function three(): Promise<UpstreamProcess[]> {
  const started = await Promise.all(['node-1', 'node-2', 'node-3'].map((id) => startUpstream(id)))
  children.push(...started)
  return started
}

async function start(environment: Record<string, string>): Promise<ProxyProcess & { ready: ReadyMessage }> {
  const started = await startProxyProcess(environment)
  children.push(started)
  if (started.said?.type !== 'ready') throw new Error(`not ready: ${started.stderr()}`)
  return { ...started, ready: started.said }
}

async function read<T>(ready: ReadyMessage, path: string): Promise<T> {
  const answer = await fetch(`${ready.adminUrl}${path}`, { headers: { authorization: `Bearer ${TOKEN}` } })
  return (await answer.json()) as T
}

afterEach(async () => {
  await Promise.all(children.splice(0).map(({ process }) => end(process)))
})

/** Sends GETs from several connections until told to stop; one entry an answer that was not 200. */
function load(url: string, connections: number): { stop(): Promise<{ sent: number; failures: string[] }> } {
  let stopped = false
  let sent = 0
  const failures: string[] = []
  const one = async (): Promise<void> => {
    const client = new RawClient(url)
    while (!stopped) {
      sent += 1
      const before = client.size
      client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
      await client.until((c) => c.ended || c.closed || (c.size > before && c.text.endsWith('ok')))
      const [answer] = client.answers
      if (answer?.status !== 200) failures.push(client.text)
      client.forget()
      if (client.ended || client.closed) break
    }
    client.destroy()
  }
  const all = Promise.all(Array.from({ length: connections }, one))
  return {
    async stop() {
      stopped = true
      await all
      return { sent, failures }
    },
  }
}

describe.each(FORWARDER_NAMES)('the proxy process (%s)', (forwarder) => {
  test('loses no GET when one of three upstreams is killed, says who is out, and takes it back', async () => {
    await using keys = await keysFile()
    const upstreams = await three()
    const { ready } = await start({ ...base(keys.path, upstreams), STILLIN_FORWARDER: forwarder })
    const loaded = load(ready.url ?? '', 8)
    const until = async (check: (state: ProxyState, events: ProxyEvent[]) => boolean): Promise<void> => {
      const limit = AbortSignal.timeout(10_000)
      for (;;) {
        const state = await read<ProxyState>(ready, '/cluster')
        const { events } = await read<{ events: ProxyEvent[] }>(ready, '/events?since=0')
        if (check(state, events)) return
        if (limit.aborted) throw new Error(JSON.stringify({ state, events }))
      }
    }
    await until(({ upstreams }) =>
      upstreams.every(({ health, answered }) => health === 'up' && answered > 50),
    )
    const [victim] = upstreams
    if (!victim) throw new Error('no victim')
    await end(victim.process)
    await until((_state, events) =>
      events.some(({ kind, upstream }) => kind === 'ejected' && upstream === victim.id),
    )
    const back = await startUpstream(victim.id, Number(new URL(victim.url).port))
    children.push(back)
    const before = (await read<ProxyState>(ready, '/cluster')).upstreams[0]?.answered ?? 0
    await until(({ upstreams }) => (upstreams[0]?.answered ?? 0) > before)
    const { sent, failures } = await loaded.stop()
    expect(failures).toEqual([])
    expect(sent).toBeGreaterThan(150)
    const usage = await read<ProxyUsage>(ready, '/usage')
    expect(usage.forwarder).toBe(forwarder)
    expect(usage.answers).toMatchObject({ ok: sent, serverError: 0 })
    expect(usage.retries).toBeGreaterThan(0)
    expect(usage.cpu.userUs + usage.cpu.systemUs).toBeGreaterThan(0)
  })

  test('on SIGTERM finishes what is in flight, takes nothing new, and ends with code 0', async () => {
    await using keys = await keysFile()
    const upstreams = await three()
    const {
      ready,
      process: child,
      exit,
      stderr,
    } = await start({ ...base(keys.path, upstreams), STILLIN_FORWARDER: forwarder })
    const idle = new RawClient(ready.url ?? '').send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await idle.answered()
    const busy = new RawClient(ready.url ?? '').send('GET /slow HTTP/1.1\r\nHost: a\r\n\r\n')
    await read(ready, '/cluster')
    child.kill('SIGTERM')
    await idle.until(({ ended }) => ended)
    const late = new RawClient(ready.url ?? '').send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await late.until(({ reset, ended }) => reset || ended)
    expect(late.text).toBe('')
    const [answer] = await busy.answered()
    expect(answer?.status).toBe(200)
    expect(answer?.headers.get('connection')).toBe('close')
    expect(await exit).toBe(EXIT.ok)
    expect(stderr()).toBe('')
    for (const client of [idle, busy, late]) client.destroy()
  })
})

describe('the proxy process', () => {
  const anywhere = [{ id: 'node-1', url: 'http://127.0.0.1:1' }]

  test('leaves when the process that started it is gone', async () => {
    await using keys = await keysFile()
    const { process: child, exit } = await start(base(keys.path, anywhere))
    child.disconnect()
    expect(await exit).toBe(EXIT.ok)
  })

  test('says that a port is in use, over IPC and in one line, and ends with the code for it', async () => {
    await using keys = await keysFile()
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo
    const { said, exit, stderr } = await startProxyProcess({
      ...base(keys.path, anywhere),
      STILLIN_PORT: String(port),
    })
    taken.close()
    expect(said).toEqual({
      type: 'failed',
      message: `127.0.0.1:${port} is in use`,
      hint: 'set STILLIN_PORT to a free port, or to 0',
    })
    expect(await exit).toBe(EXIT.unavailable)
    expect(stderr()).toBe(`proxy: 127.0.0.1:${port} is in use (set STILLIN_PORT to a free port, or to 0)\n`)
  })

  test('refuses a setting it does not know, by its name, and ends with the code for it', async () => {
    await using keys = await keysFile()
    const { said, exit, stderr } = await startProxyProcess({
      ...base(keys.path, anywhere),
      STILLIN_UPSTREAM: 'x',
    })
    expect(said).toMatchObject({ type: 'failed', message: 'STILLIN_UPSTREAM is not a setting of the proxy' })
    expect(await exit).toBe(EXIT.usage)
    expect(stderr().split('\n')).toHaveLength(2)
  })
})

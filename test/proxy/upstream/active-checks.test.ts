import { describe, expect, test } from 'vitest'
import { FORWARDER_NAMES } from '#contract/environment.ts'
import type { ProxyEvent } from '#contract/proxy-admin.ts'
import { OK } from '../recorder.ts'
import { eventually, quickSettings } from '../running-proxy.ts'
import { readTwice } from '../two-parses.ts'
import { withRecorders } from '../with-recorder.ts'

const GET = 'GET /x HTTP/1.1\r\nHost: a\r\n\r\n'
const POST = 'POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx'

describe.each(FORWARDER_NAMES)('active checks (%s)', (forwarder) => {
  const bench = withRecorders(
    forwarder,
    2,
    quickSettings((change) => {
      change.checks.everyMs = 40
      change.checks.timeoutMs = 40
      change.upstream.headersTimeoutMs = 10_000
    }),
  )
  const pool = () => bench.running.proxy.pool
  const kinds = (from: number): ProxyEvent['kind'][] =>
    bench.running.proxy.events.since(from).map(({ kind }) => kind)
  const lastEvent = (): number => bench.running.proxy.events.since(0).at(-1)?.seq ?? 0
  /** One upstream falls silent as a paused process does: it accepts and answers nothing. */
  const silence = (): void => {
    for (const recorder of bench.recorders) recorder.script = (connection) => connection.send(OK)
    bench.recorder.script = () => {}
    bench.recorder.healthy = false
  }
  const heal = async (): Promise<void> => {
    bench.recorder.healthy = true
    await eventually(() => pool().available.length === 2)
  }

  test('find a silent upstream down and up again, and say so', async () => {
    const from = lastEvent()
    silence()
    await eventually(() => pool().byId('node-1')?.health === 'down')
    const client = bench.open()
    for (let i = 1; i <= 4; i += 1) {
      client.send(GET)
      await client.answered(i)
    }
    expect(bench.recorder.connections).toHaveLength(0)
    await heal()
    expect(kinds(from)).toEqual(['down', 'up'])
  })

  test('have a GET that waits for a silent upstream served by the other, long before its timeout', async () => {
    silence()
    const clients = [bench.open().send(GET), bench.open().send(GET)]
    for (const client of clients) expect((await client.answered())[0]?.status).toBe(200)
    expect(bench.recorder.connections).toHaveLength(1)
    await bench.recorder.until(() => bench.recorder.connections[0]?.closed === true)
    await heal()
  })

  test('leave a POST where it is: it may yet be answered, and must not be executed twice', async () => {
    silence()
    const clients = [bench.open().send(POST), bench.open().send(POST)]
    await eventually(() => pool().byId('node-1')?.health === 'down')
    await bench.recorder.until(() => bench.recorder.connections.length === 1)
    bench.recorder.connections[0]?.send(OK)
    for (const client of clients) expect((await client.answered())[0]?.status).toBe(200)
    const requests = bench.recorders.flatMap(({ bytes }) => readTwice(bytes).byLength)
    expect(requests).toHaveLength(2)
    await heal()
  })

  test('that fail everywhere let traffic flow normally', async () => {
    for (const recorder of bench.recorders) recorder.healthy = false
    await eventually(() => pool().members.every(({ health }) => health === 'down'))
    const client = bench.open()
    for (let i = 1; i <= 4; i += 1) {
      client.send(GET)
      expect((await client.answered(i))[i - 1]?.status).toBe(200)
    }
    expect(bench.recorders.map(({ connections }) => connections.length)).toEqual([1, 1])
    for (const recorder of bench.recorders) recorder.healthy = true
    await eventually(() => pool().available.length === 2)
  })
})

import { describe, expect, test } from 'vitest'
import { FORWARDER_NAMES } from '#contract/environment.ts'
import { RawClient } from './raw-client.ts'
import { OK } from './recorder.ts'
import { eventually, quickSettings } from './running-proxy.ts'
import { withRecorders } from './with-recorder.ts'

const GET = 'GET /x HTTP/1.1\r\nHost: a\r\n\r\n'
const POST = 'POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n'

describe.each(FORWARDER_NAMES)('after hundreds of requests, aborts and deaths (%s)', (forwarder) => {
  const bench = withRecorders(
    forwarder,
    3,
    quickSettings((change) => {
      change.passive.failuresInARow = 1_000_000
      change.retry.budgetMinimum = 1_000_000
      change.checks.everyMs = 60_000
      change.upstream.headersTimeoutMs = 100
    }),
  )
  const resources = (kind: string): number =>
    process.getActiveResourcesInfo().filter((name) => name === kind).length

  /** One of several fates, by turns. */
  async function live(i: number): Promise<void> {
    const client = new RawClient(bench.running.url)
    const handedOver = (bytes: string): Promise<void> =>
      new Promise((resolve) => client.socket.write(bytes, () => resolve()))
    const fates = [
      async () => void (await client.send(GET).answered()),
      async () => void (await client.send(GET.repeat(3)).answered(3)),
      async () => void (await client.send(`${POST}${'z'.repeat(1000)}`).answered()),
      // Leaves within its body, at once, and after its head.
      () => handedOver(`${POST}${'z'.repeat(500)}`),
      async () => client.socket.resetAndDestroy(),
      () => handedOver(GET),
      async () => void (await client.send('GET / HTTP/1.1\r\n\r\n').until(({ ended }) => ended)),
    ]
    await fates[i % fates.length]?.()
    client.destroy()
  }

  test('no request, body, socket or timer is left', async () => {
    let turn = 0
    for (const recorder of bench.recorders)
      recorder.script = (connection) => {
        turn += 1
        if (turn % 11 === 0) connection.socket.resetAndDestroy()
        else if (turn % 13 === 0) connection.socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nab')
        else if (turn % 50 !== 0) connection.send(OK)
      }
    await Promise.all(Array.from({ length: 21 }, (_, i) => live(i)))
    const { proxy } = bench.running
    const settled = (): boolean =>
      proxy.pool.members.every(({ inFlight }) => inFlight === 0) && proxy.counters.heldBytes === 0
    await eventually(settled)
    const before = { sockets: resources('TCPSocketWrap'), timers: resources('Timeout') }
    for (let round = 0; round < 30; round += 1)
      await Promise.all(Array.from({ length: 21 }, (_, i) => live(round * 21 + i)))
    await eventually(settled)
    for (const recorder of bench.recorders) recorder.reset()
    let open = -1
    await eventually(() => {
      proxy.server.getConnections((_error, count) => {
        open = count
      })
      return open === 0
    })
    await eventually(() => resources('TCPSocketWrap') <= before.sockets)
    await eventually(() => resources('Timeout') <= before.timers + 2)
    expect(proxy.counters.clientAborts).toBeGreaterThan(30)
    expect(proxy.counters.retries).toBeGreaterThan(10)
  })
})

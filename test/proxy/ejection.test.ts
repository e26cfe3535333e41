import { describe, expect, test } from 'vitest'
import { FORWARDER_NAMES } from '#contract/environment.ts'
import { RawClient } from './raw-client.ts'
import { OK, type Recorder } from './recorder.ts'
import { eventually, quickSettings } from './running-proxy.ts'
import { withRecorders } from './with-recorder.ts'

const GET = 'GET /x HTTP/1.1\r\nHost: a\r\n\r\n'
const POST = 'POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx'

describe.each(FORWARDER_NAMES)('passive checks (%s)', (forwarder) => {
  const bench = withRecorders(
    forwarder,
    2,
    quickSettings((change) => {
      change.passive.ejectMs = 200
      change.retry.budgetMinimum = 1_000
    }),
  )
  const counters = () => bench.running.proxy.counters
  const both = (script: Recorder['script']): void => {
    for (const recorder of bench.recorders) recorder.script = script
  }
  const readmitted = () => eventually(() => bench.running.proxy.pool.available.length === 2)

  test('have an upstream that fails in a row left out for a while, then taken back', async () => {
    await readmitted()
    const [broken] = bench.recorders
    if (broken) broken.script = ({ socket }) => socket.resetAndDestroy()
    const client = bench.open()
    for (let i = 1; i <= 8; i += 1) {
      client.send(GET)
      expect((await client.answered(i))[i - 1]?.status).toBe(200)
    }
    expect(bench.running.proxy.pool.byId('node-1')?.health).toBe('ejected')
    expect(bench.recorders[0]?.connections).toHaveLength(3)
    await readmitted()
    const kinds = bench.running.proxy.events.since(0).map(({ kind, upstream }) => `${kind} ${upstream}`)
    expect(kinds).toContain('ejected node-1')
    expect(kinds).toContain('readmitted node-1')
  })

  test('do not hold a 503 that names the store against its upstream', async () => {
    await readmitted()
    both((connection) =>
      connection.send(
        'HTTP/1.1 503 No\r\nx-stillin-unavailable: store_unavailable\r\ncontent-length: 0\r\n\r\n',
      ),
    )
    const client = bench.open()
    for (let i = 1; i <= 8; i += 1) {
      client.send(GET)
      expect((await client.answered(i))[i - 1]?.status).toBe(503)
    }
    expect(bench.running.proxy.pool.members.map(({ health }) => health)).toEqual(['up', 'up'])
    expect(counters().answers.unavailable).toBeGreaterThanOrEqual(8)
  })

  test('never leave out the last one', async () => {
    await readmitted()
    both((connection) => connection.send('HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n'))
    const client = bench.open()
    for (let i = 1; i <= 12; i += 1) {
      client.send(GET)
      await client.answered(i)
    }
    expect(bench.running.proxy.pool.available).toHaveLength(1)
  })
})

describe.each(FORWARDER_NAMES)('when retries are many (%s)', (forwarder) => {
  const bench = withRecorders(
    forwarder,
    2,
    quickSettings((change) => {
      change.passive.failuresInARow = 1_000
      change.retry.budgetShare = 0.2
      change.retry.budgetMinimum = 3
    }),
  )

  test('they stop at a fifth of the requests', async () => {
    for (const recorder of bench.recorders) recorder.script = ({ socket }) => socket.resetAndDestroy()
    const client = bench.open()
    for (let i = 1; i <= 40; i += 1) {
      client.send(GET)
      await client.answered(i)
    }
    expect(bench.running.proxy.counters.retries).toBe(8)
    expect(bench.running.proxy.counters.retriesDenied).toBe(32)
  })
})

describe.each(FORWARDER_NAMES)('when the last healthy one of three dies (%s)', (forwarder) => {
  const bench = withRecorders(
    forwarder,
    3,
    quickSettings((change) => {
      change.checks.everyMs = 60_000
      change.checks.transitionEveryMs = 60_000
      change.retry.budgetMinimum = 1_000
    }),
  )
  /** As checks leave the others: one that came back a moment ago, and one that is gone. */
  const onlyLastIsUp = (): void => {
    const { pool } = bench.running.proxy
    for (const upstream of pool.members) upstream.checkedUp = upstream.id === 'node-3'
    pool.refresh()
  }

  test('a GET goes on to those that checks have left out, until one answers', async () => {
    onlyLastIsUp()
    await bench.recorders[2]?.close()
    await bench.recorders[0]?.close()
    const client = bench.open()
    for (let i = 1; i <= 30; i += 1) {
      client.send(GET)
      expect((await client.answered(i))[i - 1]?.status).toBe(200)
    }
    expect(bench.running.proxy.pool.available.map(({ id }) => id)).toEqual(['node-3'])
    client.send(POST)
    expect((await client.answered(31))[30]?.status).toBe(200)
  })
})

describe.each(FORWARDER_NAMES)(
  'when the only healthy one of three lets a connection go (%s)',
  (forwarder) => {
    const bench = withRecorders(
      forwarder,
      3,
      quickSettings((change) => {
        change.checks.everyMs = 60_000
        change.checks.transitionEveryMs = 60_000
        change.retry.budgetMinimum = 1_000
      }),
    )
    const onlyFirstIsUp = (): void => {
      const { pool } = bench.running.proxy
      for (const upstream of pool.members) upstream.checkedUp = upstream.id === 'node-1'
      pool.refresh()
    }

    test('it is asked again before those that checks found down', async () => {
      onlyFirstIsUp()
      let tries = 0
      bench.recorder.script = (connection) => {
        tries += 1
        if (tries === 1) connection.socket.resetAndDestroy()
        else connection.send(OK)
      }
      const [answer] = await bench.open().send(GET).answered()
      expect(answer?.status).toBe(200)
      expect(bench.recorders.map(({ connections }) => connections.length)).toEqual([2, 0, 0])
    })

    test('and when it goes on failing, a GET is served by one that checks have left out', async () => {
      onlyFirstIsUp()
      bench.recorder.script = ({ socket }) => socket.resetAndDestroy()
      const client = bench.open()
      const statuses: (number | undefined)[] = []
      for (let i = 1; i <= 6; i += 1) {
        client.send(GET)
        statuses.push((await client.answered(i))[i - 1]?.status)
      }
      // The first was sent twice to the one that fails; from then on it is known to fail.
      expect(statuses.slice(1)).toEqual([200, 200, 200, 200, 200])
    })
  },
)

describe.each(FORWARDER_NAMES)('when nobody listens (%s)', (forwarder) => {
  const bench = withRecorders(
    forwarder,
    2,
    quickSettings((change) => {
      change.checks.everyMs = 50
      change.checks.timeoutMs = 50
      change.checks.downAfter = 2
    }),
  )

  test('at one of two upstreams, even a POST goes to the other', async () => {
    await bench.recorders[0]?.close()
    const client = new RawClient(bench.running.url)
    for (let i = 1; i <= 6; i += 1) {
      client.send(POST)
      expect((await client.answered(i))[i - 1]?.status).toBe(200)
    }
    client.destroy()
    await eventually(() => bench.running.proxy.pool.byId('node-1')?.health === 'down')
  })

  test('at any, the answer is a 502 of the proxy, and it has been tried all the same', async () => {
    await bench.recorders[1]?.close()
    await eventually(() => bench.running.proxy.pool.members.every(({ health }) => health === 'down'))
    expect(bench.running.proxy.pool.available).toHaveLength(2)
    const [answer] = await bench.open().send(POST).answered()
    expect(answer?.status).toBe(502)
  })
})

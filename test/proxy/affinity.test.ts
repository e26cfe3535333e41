import { afterEach, describe, expect, test } from 'vitest'
import { FORWARDER_NAMES } from '#contract/environment.ts'
import type { RawAnswer } from './raw-client.ts'
import { admin, eventually, quickSettings } from './running-proxy.ts'
import { withRecorders } from './with-recorder.ts'

const answerAs = (id: string, more = '') =>
  `HTTP/1.1 200 OK\r\nx-served-by: ${id}\r\n${more}content-length: 2\r\n\r\nok`
const get = (cookie?: string): string =>
  `GET /x HTTP/1.1\r\nHost: a\r\n${cookie === undefined ? '' : `Cookie: ${cookie}\r\n`}\r\n`
const pairOf = (answer: RawAnswer | undefined): string =>
  answer?.headers.get('set-cookie')?.split('\n').at(-1)?.split(';')[0] ?? ''

describe.each(FORWARDER_NAMES)('affinity by cookie (%s)', (forwarder) => {
  const bench = withRecorders(
    forwarder,
    3,
    quickSettings((change) => {
      change.drainPinsMs = 200
      change.modeHold.maxMs = 400
    }),
    { mode: 'sticky' },
  )
  const { recorders } = bench
  /** Every recorder names itself, and adds these lines. */
  const name = (more = ''): void => {
    for (const [i, recorder] of recorders.entries())
      recorder.script = (connection) => connection.send(answerAs(`node-${i + 1}`, more))
  }
  const ask = async (cookie?: string): Promise<RawAnswer | undefined> => {
    const client = bench.open()
    const [answer] = await client.send(get(cookie)).answered()
    client.destroy()
    return answer
  }
  const phase = (mode: string, generation: number, step: string) =>
    admin(bench.running, 'PUT', '/mode', { mode, generation, phase: step })
  afterEach(async () => {
    const { generation } = bench.running.proxy.mode
    await phase('sticky', generation, 'commit')
  })

  test('pins a new user to the node that answered, by a cookie of the session that scripts cannot read', async () => {
    name()
    const answer = await ask()
    expect(answer?.headers.get('set-cookie')).toMatch(
      /^stillin_affinity=node-[123]\.[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Lax$/,
    )
    expect(answer?.headers.get('cache-control')).toBe('private')
    const pinned = answer?.headers.get('x-served-by')
    for (let i = 0; i < 5; i += 1) {
      const again = await ask(`a=b; ${pairOf(answer)}`)
      expect(again?.headers.get('x-served-by')).toBe(pinned)
      expect(again?.headers.has('set-cookie')).toBe(false)
      expect(again?.headers.has('cache-control')).toBe(false)
    }
    const all = Buffer.concat(recorders.map(({ bytes }) => bytes))
    expect(all.includes('cookie: a=b')).toBe(true)
    expect(all.includes('stillin_affinity')).toBe(false)
  })

  test('keeps what an answer says about caches, except that shared ones may not keep it', async () => {
    name('cache-control: public, max-age=60, s-maxage=90\r\nset-cookie: own=1\r\n')
    const answer = await ask()
    expect(answer?.headers.get('cache-control')).toBe('private, max-age=60')
    expect(answer?.headers.get('set-cookie')).toMatch(/^own=1\nstillin_affinity=/)
  })

  test('does not let pinned users skew the round robin', async () => {
    name()
    const pinned = pairOf(await ask())
    const newcomers: (string | undefined)[] = []
    for (let i = 0; i < 6; i += 1) {
      newcomers.push((await ask())?.headers.get('x-served-by'))
      for (let n = 0; n <= i; n += 1) await ask(pinned)
    }
    for (const id of ['node-1', 'node-2', 'node-3'])
      expect(newcomers.filter((node) => node === id)).toHaveLength(2)
  })

  test('takes a forged cookie for none, and counts no move', async () => {
    name()
    const before = bench.running.proxy.counters.pinsMoved
    const answer = await ask(`stillin_affinity=node-1.${'A'.repeat(43)}`)
    expect(answer?.headers.has('set-cookie')).toBe(true)
    expect(bench.running.proxy.counters.pinsMoved).toBe(before)
  })

  test('moves a user whose node is gone, and counts the move', async () => {
    name()
    const before = bench.running.proxy.counters.pinsMoved
    const gone = bench.running.proxy.affinity.pair('node-9')
    const answer = await ask(gone)
    expect(pairOf(answer)).toBe(bench.running.proxy.affinity.pair(answer?.headers.get('x-served-by') ?? ''))
    expect(bench.running.proxy.counters.pinsMoved).toBe(before + 1)
  })

  test('names the node that really answered when the pinned one fails', async () => {
    name()
    const broken = recorders[1]
    if (broken) broken.script = ({ socket }) => socket.resetAndDestroy()
    const answer = await ask(bench.running.proxy.affinity.pair('node-2'))
    expect(answer?.status).toBe(200)
    const by = answer?.headers.get('x-served-by') ?? ''
    expect(by).not.toBe('node-2')
    expect(pairOf(answer)).toBe(bench.running.proxy.affinity.pair(by))
  })

  test('gives a pin on request to who holds the token', async () => {
    name()
    const { status, body } = await admin(bench.running, 'POST', '/pins', { node: 'node-3' })
    expect(status).toBe(200)
    const answer = await ask((body as { cookie: string }).cookie)
    expect(answer?.headers.get('x-served-by')).toBe('node-3')
    expect((await admin(bench.running, 'POST', '/pins', { node: 'node-9' })).status).toBe(404)
  })

  test('keeps the pins of a draining node for a while, gives it nobody new, and moves them then', async () => {
    name()
    const pin = bench.running.proxy.affinity.pair('node-1')
    expect((await admin(bench.running, 'PUT', '/nodes/node-1/drain')).status).toBe(200)
    const newcomers: (string | undefined)[] = []
    for (let i = 0; i < 6; i += 1) {
      expect((await ask(pin))?.headers.get('x-served-by')).toBe('node-1')
      newcomers.push((await ask())?.headers.get('x-served-by'))
    }
    expect(newcomers).not.toContain('node-1')
    await eventually(() => bench.running.proxy.pool.byId('node-1')?.keepsPins === false)
    expect((await ask(pin))?.headers.get('x-served-by')).not.toBe('node-1')
    await admin(bench.running, 'PUT', '/nodes/node-1/drain', { draining: false })
    expect((await ask(pin))?.headers.get('x-served-by')).toBe('node-1')
  })

  test('is decided by the mode that an answer names, not by the proxy’s at that moment', async () => {
    name('x-stillin-mode: redis@4\r\n')
    expect((await ask())?.headers.has('set-cookie')).toBe(false)
    const { generation } = bench.running.proxy.mode
    await phase('redis', generation, 'commit')
    name('x-stillin-mode: sticky@3\r\n')
    expect((await ask())?.headers.has('set-cookie')).toBe(true)
    name()
    expect((await ask())?.headers.has('set-cookie')).toBe(false)
  })

  test('ends with its mode: pins lead nowhere and still never go upstream', async () => {
    name()
    const { generation } = bench.running.proxy.mode
    await phase('redis', generation, 'commit')
    const pin = bench.running.proxy.affinity.pair('node-1')
    const served = new Set<string | undefined>()
    for (let i = 0; i < 3; i += 1) served.add((await ask(pin))?.headers.get('x-served-by'))
    expect(served.size).toBe(3)
    expect(Buffer.concat(recorders.map(({ bytes }) => bytes)).includes('stillin_affinity')).toBe(false)
  })

  test('holds new requests back between prepare and commit, and lets them go in the new mode', async () => {
    name()
    const { generation } = bench.running.proxy.mode
    await phase('redis', generation + 1, 'prepare')
    const client = bench.open().send(get())
    await eventually(() => bench.running.proxy.mode.heldCount === 1)
    expect(recorders.every(({ connections }) => connections.length === 0)).toBe(true)
    await phase('redis', generation + 1, 'commit')
    const [answer] = await client.answered()
    expect(answer?.headers.has('set-cookie')).toBe(false)
    expect(bench.running.proxy.mode.generation).toBe(generation + 1)
  })

  test('lets held requests go in the old mode when the switch is called off or the time is over', async () => {
    name()
    const { generation } = bench.running.proxy.mode
    for (const ends of ['abort', 'time']) {
      await phase('redis', generation + 1, 'prepare')
      const client = bench.open().send(get())
      await eventually(() => bench.running.proxy.mode.heldCount === 1)
      if (ends === 'abort') await phase('redis', generation + 1, 'abort')
      const [answer] = await client.answered()
      expect(answer?.headers.has('set-cookie')).toBe(true)
      expect(bench.running.proxy.mode.mode).toBe('sticky')
    }
  })
})

import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '#cluster/free-port.ts'
import { type Alarm, openAlarm } from '#cluster/relay/alarm.ts'
import { openRelay, type Relay } from '#cluster/relay/relay.ts'
import { seededChance } from '#cluster/relay/seeded-chance.ts'
import { monotonicUs } from '#contract/clock.ts'
import { HEALTHY_LINK } from '#contract/links.ts'

let alarm: Alarm
beforeAll(async () => {
  alarm = await openAlarm()
})
afterAll(() => alarm.close())

/** A relay before a server that sends everything back, and one connection through it. */
async function relayedEcho() {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {})
    socket.pipe(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port: targetPort } = server.address() as { port: number }
  const port = await freePort()
  const relay = await openRelay(
    { port, target: { host: '127.0.0.1', port: targetPort } },
    alarm,
    seededChance(1),
  )
  const sockets: Socket[] = []
  const dial = async (): Promise<Socket> => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    sockets.push(socket)
    await once(socket, 'connect')
    return socket
  }
  return {
    relay,
    port,
    dial,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await relay[Symbol.asyncDispose]()
      server.close()
    },
  }
}

async function roundTripMs(socket: Socket, text = 'x'): Promise<number> {
  const startUs = monotonicUs()
  socket.write(text)
  let got = ''
  while (got.length < text.length) got += String((await once(socket, 'data'))[0])
  expect(got).toBe(text)
  return (monotonicUs() - startUs) / 1000
}

function condition(relay: Relay, change: Partial<typeof HEALTHY_LINK>): void {
  relay.set({ ...HEALTHY_LINK, ...change })
}

describe('a relay', () => {
  it('carries bytes both ways in their order, also more than it holds back', async () => {
    await using echo = await relayedEcho()
    const socket = await echo.dial()
    condition(echo.relay, { delayMs: 2 })
    const text = Array.from({ length: 400_000 }, (_, index) => `${index};`).join('')
    await roundTripMs(socket, text)
  })

  it('adds the delay to a round trip, and takes it away again', async () => {
    await using echo = await relayedEcho()
    const socket = await echo.dial()
    condition(echo.relay, { delayMs: 50 })
    expect(await roundTripMs(socket)).toBeGreaterThanOrEqual(50)
    condition(echo.relay, { delayMs: 20, jitterMs: 20 })
    expect(await roundTripMs(socket)).toBeGreaterThanOrEqual(20)
    condition(echo.relay, {})
    await roundTripMs(socket)
  })

  it('delivers the end of one side after what was sent before it', async () => {
    await using echo = await relayedEcho()
    const socket = await echo.dial()
    condition(echo.relay, { delayMs: 10 })
    const chunks: Buffer[] = []
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.end('last words')
    await once(socket, 'end')
    expect(Buffer.concat(chunks).toString()).toBe('last words')
  })

  it('resets connections when it is cut, and new ones until it is healed', async () => {
    await using echo = await relayedEcho()
    const socket = await echo.dial()
    await roundTripMs(socket)
    const reset = once(socket, 'error')
    condition(echo.relay, { cut: true })
    expect((await reset)[0]).toMatchObject({ code: 'ECONNRESET' })
    const second = connect(echo.port, '127.0.0.1')
    await once(second, 'error')
    condition(echo.relay, {})
    await roundTripMs(await echo.dial())
  })

  it('lets nothing through while it is silent, and afterwards what was sent meanwhile', async () => {
    await using echo = await relayedEcho()
    const before = await echo.dial()
    await roundTripMs(before)
    condition(echo.relay, { silent: true })
    const during = await echo.dial()
    let heard = false
    for (const socket of [before, during]) socket.once('data', () => (heard = true))
    before.write('kept')
    during.write('kept')
    await roundTripThrough(await relayedEcho())
    expect(heard).toBe(false)
    const answers = [before, during].map((socket) => once(socket, 'data'))
    condition(echo.relay, {})
    for (const [answer] of await Promise.all(answers)) expect(String(answer)).toBe('kept')
  })

  it('resets the one who connects when nobody listens behind it', async () => {
    const port = await freePort()
    const target = { host: '127.0.0.1', port: await freePort() }
    await using _relay = await openRelay({ port, target }, alarm, seededChance(1))
    const socket = connect(port, '127.0.0.1')
    const [error] = await once(socket, 'error')
    expect(error).toMatchObject({ code: 'ECONNRESET' })
  })
})

/** A round trip elsewhere: long enough for one here, if one were let through. */
async function roundTripThrough(echo: Awaited<ReturnType<typeof relayedEcho>>): Promise<void> {
  await using other = echo
  const socket = await other.dial()
  condition(other.relay, { delayMs: 40 })
  await roundTripMs(socket)
}

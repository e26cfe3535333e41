import { connect, type Socket } from 'node:net'

const GET = 'GET /x HTTP/1.1\r\nHost: a\r\n\r\n'
const POST = 'POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n'
const BODY = 'z'.repeat(1000)

/** What became of the requests of all clients. */
export interface Tally {
  begun: number
  statuses: Map<string, number>
}

/**
 * One connection after the other, one request after the other: mostly GETs, some POSTs, and now and then it leaves at
 * once, within its body, or sends what is no HTTP.
 */
export async function liveRestlessly(port: number, seed: number, goal: number, tally: Tally): Promise<void> {
  let turn = seed * 17
  while (tally.begun < goal) {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    socket.setNoDelay(true)
    let alive = true
    while (alive && tally.begun < goal) {
      turn += 1
      tally.begun += 1
      const what = turn % 101
      if (what === 7) alive = leave(socket, GET)
      else if (what === 19) alive = leave(socket, POST + BODY.slice(500))
      else if (what === 31) alive = leave(socket, '')
      else {
        const request = what === 43 ? 'GET / HTTP/1.1\r\n\r\n' : what % 20 === 5 ? POST + BODY : GET
        const status = await ask(socket, request)
        tally.statuses.set(status, (tally.statuses.get(status) ?? 0) + 1)
        alive = status === '200'
      }
    }
    socket.destroy()
  }
}

/** Sends this and is gone once it has left. */
function leave(socket: Socket, bytes: string): false {
  if (bytes === '') socket.resetAndDestroy()
  else socket.write(bytes, () => socket.destroy())
  return false
}

/** The status of the whole answer; `cut` where the connection ended before it. */
function ask(socket: Socket, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    const done = (status: string): void => {
      socket.off('data', onData)
      socket.off('close', onClose)
      resolve(status)
    }
    const onClose = (): void => done('cut')
    const onData = (chunk: Buffer): void => {
      text += chunk.toString('latin1')
      const end = text.indexOf('\r\n\r\n')
      if (end < 0) return
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(text)?.[1] ?? 0)
      if (text.length >= end + 4 + length) done(text.slice(9, 12))
    }
    socket.on('data', onData)
    socket.once('close', onClose)
    if (socket.destroyed) done('cut')
    else socket.write(bytes)
  })
}

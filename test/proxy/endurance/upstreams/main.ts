import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'

/** Three upstreams that answer, reset, cut answers off, and die for a second by turns. */
const COUNT = 3
const DIES_EVERY_MS = 10_000
const DEAD_MS = 1_000
const OK = Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')
const CUT = Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nab')
let requests = 0
let deaths = 0

function answer(socket: Socket, isCheck: boolean): void {
  requests += 1
  if (isCheck || requests % 211 > 1) socket.write(OK)
  else if (requests % 211 === 0) socket.resetAndDestroy()
  else socket.end(CUT)
}

function accept(sockets: Set<Socket>, socket: Socket): void {
  sockets.add(socket)
  let missing = 0
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1')
    for (;;) {
      if (missing > 0) {
        const taken = Math.min(missing, text.length)
        missing -= taken
        text = text.slice(taken)
        if (missing > 0) return
        answer(socket, false)
      }
      const end = text.indexOf('\r\n\r\n')
      if (end < 0) return
      const head = text.slice(0, end).toLowerCase()
      text = text.slice(end + 4)
      missing = Number(/\r\ncontent-length: (\d+)/.exec(head)?.[1] ?? 0)
      if (missing === 0) answer(socket, head.startsWith('get /livez'))
    }
  })
  socket.on('error', () => {})
  socket.on('close', () => sockets.delete(socket))
}

const upstreams: { server: Server; sockets: Set<Socket>; port: number }[] = []
for (let i = 0; i < COUNT; i += 1) {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => accept(sockets, socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  upstreams.push({ server, sockets, port: (server.address() as AddressInfo).port })
}
setInterval(() => {
  const dying = upstreams[deaths % COUNT]
  if (!dying) return
  deaths += 1
  dying.server.close()
  for (const socket of dying.sockets) socket.resetAndDestroy()
  setTimeout(() => dying.server.listen(dying.port, '127.0.0.1'), DEAD_MS)
}, DIES_EVERY_MS)
process.on('message', () => process.send?.({ requests, deaths }))
process.on('disconnect', () => process.exit(0))
process.send?.({ ports: upstreams.map(({ port }) => port) })

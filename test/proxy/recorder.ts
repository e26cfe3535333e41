import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'

/** What a recorder does when a connection has sent a (further) end of a head; default: 200 with `ok`. */
export type Script = (connection: RecordedConnection, count: number) => void

export const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'

/** One connection as bytes. */
export class RecordedConnection {
  readonly socket: Socket
  readonly chunks: Buffer[] = []
  /** Heads seen so far: empty lines, whatever they ended. */
  heads = 0
  closed = false

  constructor(socket: Socket) {
    this.socket = socket
  }
  get bytes(): Buffer {
    return Buffer.concat(this.chunks)
  }
  send(text: string | Buffer): void {
    this.socket.write(text)
  }
}

/**
 * An upstream that records bytes and knows no HTTP. Health checks (`GET /livez`, a connection each) are answered and
 * kept out of the record.
 */
export class Recorder {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  connections: RecordedConnection[] = []
  script: Script = (connection) => connection.send(OK)
  healthy = true
  /** The mode that checks are told, `redis@7`; none unless set. */
  mode: string | undefined
  #waiting: (() => void)[] = []

  constructor() {
    this.#server = createServer((socket) => this.#accept(socket))
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Everything recorded since the last `reset`, all connections one after the other. */
  get bytes(): Buffer {
    return Buffer.concat(this.connections.map((connection) => connection.bytes))
  }

  /** Forgets what was recorded; connections stay. */
  forget(): void {
    for (const connection of this.connections) connection.chunks.length = 0
    this.connections = []
  }

  /** Forgets what was recorded and closes what is open. */
  reset(): void {
    for (const socket of this.#sockets) socket.destroy()
    this.connections = []
    this.script = (connection) => connection.send(OK)
  }

  /** Resolves when `check` holds; it is looked at whenever something happens here. */
  async until(check: () => boolean, withinMs = 5_000): Promise<void> {
    const timer = AbortSignal.timeout(withinMs)
    while (!check()) {
      if (timer.aborted)
        throw new Error(`the recorder waited in vain; it has ${JSON.stringify(String(this.bytes))}`)
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve)
        timer.addEventListener('abort', () => resolve(), { once: true })
      })
    }
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket)
    // Bytes leave when they are sent, not when the ones before them have been acknowledged.
    socket.setNoDelay(true)
    const connection = new RecordedConnection(socket)
    let isCheck: boolean | undefined
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk) => {
      isCheck ??= chunk.toString('latin1').startsWith('GET /livez ')
      if (isCheck) {
        const mode = this.mode === undefined ? '' : `x-stillin-mode: ${this.mode}\r\n`
        if (this.healthy)
          socket.end(`HTTP/1.1 200 OK\r\n${mode}content-length: 0\r\nconnection: close\r\n\r\n`)
        return
      }
      if (!this.connections.includes(connection)) this.connections.push(connection)
      connection.chunks.push(chunk)
      if (chunk.includes('\r\n\r\n')) {
        connection.heads += 1
        this.script(connection, connection.heads)
      }
      this.#notify()
    })
    socket.on('close', () => {
      this.#sockets.delete(socket)
      connection.closed = true
      this.#notify()
    })
  }

  #notify(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
  }
}

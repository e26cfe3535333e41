import { connect, type Socket } from 'node:net'

/** A client that writes bytes and keeps the bytes that come back. */
export class RawClient {
  readonly socket: Socket
  #chunks: Buffer[] = []
  /** Bytes received. */
  size = 0
  #waiting: (() => void)[] = []
  /** The other side has closed its direction in good order. */
  ended = false
  /** The connection is gone, by whichever way. */
  closed = false
  reset = false

  constructor(url: string, localAddress?: string) {
    const { hostname, port } = new URL(url)
    this.socket = connect({
      host: hostname,
      port: Number(port),
      allowHalfOpen: true,
      ...(localAddress ? { localAddress } : {}),
    })
    this.socket.setNoDelay(true)
    this.socket.on('data', (chunk) => {
      this.#chunks.push(chunk)
      this.size += chunk.length
      this.#notify()
    })
    this.socket.on('end', () => {
      this.ended = true
      this.#notify()
    })
    this.socket.on('error', () => {
      this.reset = true
      this.#notify()
    })
    this.socket.on('close', () => {
      this.closed = true
      this.#notify()
    })
  }

  get text(): string {
    this.#chunks = [Buffer.concat(this.#chunks)]
    return this.#chunks[0]?.toString('latin1') ?? ''
  }

  send(bytes: string | Buffer): this {
    this.socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
    return this
  }

  async until(check: (client: RawClient) => boolean, withinMs = 5_000): Promise<this> {
    const limit = AbortSignal.timeout(withinMs)
    while (!check(this)) {
      if (limit.aborted)
        throw new Error(`waited in vain; received ${JSON.stringify(this.text.slice(0, 2_000))}`)
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve)
        limit.addEventListener('abort', () => resolve(), { once: true })
      })
    }
    return this
  }

  /** The answers received so far, split by Content-Length or chunks; throws on anything that is neither. */
  get answers(): RawAnswer[] {
    return splitAnswers(this.text)
  }

  /** Resolves when so many whole answers are there. */
  async answered(count = 1, withinMs?: number): Promise<RawAnswer[]> {
    await this.until((client) => client.answers.length >= count || client.ended || client.closed, withinMs)
    return this.answers
  }

  /** Forgets what was received so far. */
  forget(): void {
    this.#chunks = []
  }

  destroy(): void {
    this.socket.destroy()
  }

  #notify(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
  }
}

export interface RawAnswer {
  status: number
  headers: ReadonlyMap<string, string>
  body: string
}

function splitAnswers(text: string): RawAnswer[] {
  const answers: RawAnswer[] = []
  let rest = text
  for (;;) {
    const end = rest.indexOf('\r\n\r\n')
    if (end < 0) return answers
    const [statusLine = '', ...lines] = rest.slice(0, end).split('\r\n')
    const status = Number(statusLine.split(' ')[1])
    const headers = new Map<string, string>()
    for (const line of lines) {
      const colon = line.indexOf(':')
      const name = line.slice(0, colon).toLowerCase()
      const value = line.slice(colon + 1).trim()
      const before = headers.get(name)
      headers.set(name, before === undefined ? value : `${before}\n${value}`)
    }
    rest = rest.slice(end + 4)
    if (status < 200) {
      answers.push({ status, headers, body: '' })
      continue
    }
    if (headers.get('transfer-encoding') === 'chunked') {
      const body = readChunks(rest)
      if (!body) return answers
      answers.push({ status, headers, body: body.text })
      rest = body.rest
      continue
    }
    const bodyless = status === 204 || status === 304
    const length = bodyless ? 0 : Number(headers.get('content-length') ?? 0)
    if (rest.length < length) return answers
    answers.push({ status, headers, body: rest.slice(0, length) })
    rest = rest.slice(length)
  }
}

function readChunks(text: string): { text: string; rest: string } | undefined {
  let body = ''
  let rest = text
  for (;;) {
    const end = rest.indexOf('\r\n')
    if (end < 0) return undefined
    const size = Number.parseInt(rest.slice(0, end), 16)
    if (rest.length < end + 2 + size + 2) return undefined
    body += rest.slice(end + 2, end + 2 + size)
    rest = rest.slice(end + 2 + size + 2)
    if (size === 0) return { text: body, rest }
  }
}

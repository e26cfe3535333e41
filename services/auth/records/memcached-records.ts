import { Client } from 'memjs'
import type { MemcachedRequest } from './memcached-protocol.ts'
import { encodeRequest, OPCODES, STATUS } from './memcached-protocol.ts'
import type { Records, Seen } from './records.ts'
import { StoreFull } from './records.ts'

const PREFIX = 'stillin:'
/** A record by which nobody is logged in is kept this long, for a login under way. memcached may drop it earlier. */
const KEEP_MS = 60 * 60_000

interface Answer {
  readonly header: { readonly status: number; readonly cas: Buffer }
  readonly val: Buffer
}

/**
 * Records in memcached. A full memcached makes room by dropping what was not asked for lately, and tells nobody: a
 * user's record is then gone as a whole, sessions and epoch together, and the user is out.
 */
export class MemcachedRecords implements Records {
  readonly #address: string
  readonly #timeoutMs: number
  #client: Client

  /** Opens no connection yet. @param url as `memcached://host:port`. */
  constructor(url: string, { timeoutMs }: { timeoutMs: number }) {
    this.#address = new URL(url).host
    this.#timeoutMs = timeoutMs
    this.#client = this.#open()
  }

  async read(name: string): Promise<Seen | undefined> {
    const { header, val } = await this.#send({ opcode: OPCODES.get, key: PREFIX + name })
    if (header.status === STATUS.absent) return undefined
    if (header.status !== STATUS.ok) throw refusal(header.status)
    return { text: val.toString(), version: header.cas }
  }

  async swap(name: string, seen: Seen | undefined, value: string, liveUntilMs: number) {
    const keepS = Math.ceil(Math.max(KEEP_MS, liveUntilMs - Date.now()) / 1000)
    const write = { key: PREFIX + name, value, keepS }
    const { header } = await this.#send(
      seen === undefined
        ? { ...write, opcode: OPCODES.add }
        : { ...write, opcode: OPCODES.set, cas: seen.version as Buffer },
    )
    switch (header.status) {
      case STATUS.ok:
        return 'swapped'
      case STATUS.exists:
      case STATUS.absent:
      case STATUS.notStored:
        return 'moved'
      default:
        throw refusal(header.status)
    }
  }

  async ping(): Promise<void> {
    await this.#send({ opcode: OPCODES.version })
  }

  async close(): Promise<void> {
    this.#client.close()
  }

  #open(): Client {
    const timeout = this.#timeoutMs / 1000
    // One try: a write that is sent twice may find its own first copy and be told that somebody was faster.
    return Client.create(this.#address, { timeout, conntimeout: timeout, retries: 1, logger: { log() {} } })
  }

  #send(request: Omit<MemcachedRequest, 'opaque'>): Promise<Answer> {
    const client = this.#client
    client.incrSeq()
    // memjs wraps its counter to a signed number.
    const opaque = client.seq >>> 0
    return new Promise((resolve, reject) => {
      const bytes = encodeRequest({ ...request, opaque })
      client.perform(request.key ?? '', bytes, opaque, (error: Error | null, answer: Answer) => {
        if (error === null) return resolve(answer)
        // After a broken connection memjs goes on reading where the old one stopped: only a new client is clean.
        if (this.#client === client) this.#client = this.#open()
        reject(error)
      })
    })
  }
}

function refusal(status: number): Error {
  const isFull = status === STATUS.full || status === STATUS.tooLarge
  const words = `memcached answered with status ${status}`
  return isFull ? new StoreFull(words) : new Error(words)
}

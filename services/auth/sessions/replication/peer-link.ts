import type { Dispatcher } from 'undici'
import { request } from 'undici'
import type { ReplicationUsage } from '#contract/node-admin.ts'
import { ADMIN_ROUTES } from '#contract/routes.ts'
import type { BatchAnswer, Position } from './change.ts'

/** Changes sent together, at most this many and about this many bytes. */
const BATCH_MAX = 500
const BATCH_MAX_BYTES = 1024 * 1024
/** More than this waiting, and the peer is no longer reachable in any useful sense. */
const QUEUE_MAX = 10_000

export interface Peer {
  readonly id: string
  /** Of its private listener. */
  readonly adminUrl: string
}

export interface PeerLinkOptions {
  readonly peer: Peer
  readonly nodeId: string
  readonly incarnation: string
  readonly adminToken: string
  readonly dispatcher: Dispatcher
  /** A peer that does not answer in this time is away. */
  readonly timeoutMs: number
}

/** `away`: nobody waits for it; when it is back it notices the hole and asks for what it missed. */
export type Delivery = 'taken' | 'full' | 'away'

interface Queued {
  readonly seq: number
  readonly text: string
  readonly queuedAtMs: number
  readonly settle: (delivery: Delivery) => void
}

/** Sends this node's changes to one peer, in order, in batches; one batch under way at a time. */
export class PeerLink {
  readonly peer: Peer
  readonly #options: PeerLinkOptions
  #queue: Queued[] = []
  #sending = false
  #reachable = false
  #lagMs = 0
  #lagMsMax = 0

  constructor(options: PeerLinkOptions) {
    this.peer = options.peer
    this.#options = options
  }

  get isReachable(): boolean {
    return this.#reachable
  }

  /** From the last acknowledged change to its acknowledgement, ms. */
  get lagMs(): number {
    return this.#lagMs
  }

  /** From a change to the peer's acknowledgement, the longest since this was last read, ms. */
  usage(): ReplicationUsage['peers'][number] {
    const lagMsMax = this.#lagMsMax
    this.#lagMsMax = 0
    return { id: this.peer.id, reachable: this.#reachable, lagMsMax }
  }

  /** Somebody heard from the peer: from now on it gets every change. */
  markReachable(): void {
    this.#reachable = true
  }

  /** Resolves when the peer has the change, or is away. @param text the change as JSON. */
  send(seq: number, text: string): Promise<Delivery> {
    if (!this.#reachable) return Promise.resolve('away')
    if (this.#queue.length >= QUEUE_MAX) this.#giveUp()
    return new Promise((settle) => {
      this.#queue.push({ seq, text, queuedAtMs: performance.now(), settle })
      if (!this.#sending) void this.#drain()
    })
  }

  /** Tells the peer that this node lives, up to where it has counted, and what it knows of nodes out of reach. */
  async greet(nextSeq: number, positions: Readonly<Record<string, Position>>): Promise<void> {
    if (this.#sending) return
    this.#sending = true
    try {
      await this.#post(nextSeq, '', `,"positions":${JSON.stringify(positions)}`)
      this.#reachable = true
    } catch {
      this.#giveUp()
    } finally {
      this.#sending = false
    }
    if (this.#queue.length > 0) void this.#drain()
  }

  async #drain(): Promise<void> {
    this.#sending = true
    while (this.#queue.length > 0) {
      const batch = this.#takeBatch()
      try {
        const { result } = await this.#post(batch[0]?.seq ?? 0, batch.map(({ text }) => text).join(','))
        const nowMs = performance.now()
        for (const { queuedAtMs, settle } of batch) {
          this.#lagMs = nowMs - queuedAtMs
          this.#lagMsMax = Math.max(this.#lagMsMax, this.#lagMs)
          settle(result)
        }
      } catch {
        for (const { settle } of batch) settle('away')
        this.#giveUp()
      }
    }
    this.#sending = false
  }

  #takeBatch(): Queued[] {
    let bytes = 0
    const fitting = this.#queue.slice(0, BATCH_MAX).findIndex(({ text }) => {
      bytes += text.length
      return bytes > BATCH_MAX_BYTES
    })
    return this.#queue.splice(0, fitting < 0 ? BATCH_MAX : Math.max(1, fitting))
  }

  #giveUp(): void {
    this.#reachable = false
    for (const { settle } of this.#queue.splice(0)) settle('away')
  }

  async #post(firstSeq: number, changes: string, more = ''): Promise<BatchAnswer> {
    const { nodeId, incarnation, adminToken, dispatcher, timeoutMs } = this.#options
    const head = `"from":${JSON.stringify(nodeId)},"incarnation":"${incarnation}","firstSeq":${firstSeq}`
    const answer = await request(`${this.peer.adminUrl}${ADMIN_ROUTES.replication}`, {
      method: 'POST',
      dispatcher,
      headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
      body: `{${head},"changes":[${changes}]${more}}`,
      signal: AbortSignal.timeout(timeoutMs),
    })
    const body = await answer.body.json()
    if (answer.statusCode !== 200) throw new Error(`${this.peer.id} answered ${answer.statusCode}`)
    return body as BatchAnswer
  }
}

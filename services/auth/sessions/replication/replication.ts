import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { Agent } from 'undici'
import type { ReplicationUsage } from '#contract/node-admin.ts'
import type { Upkeep } from '../../upkeep.ts'
import { catchUp, type Given } from './catch-up.ts'
import type { Batch, BatchAnswer, Change, SnapshotHead } from './change.ts'
import { Heartbeat } from './heartbeat.ts'
import type { PeerDirectory } from './peer-directory.ts'
import { type Delivery, type Peer, PeerLink } from './peer-link.ts'
import { PeerLinks } from './peer-links.ts'
import { Positions } from './positions.ts'
import type { Replica } from './replica.ts'
import { snapshotLines, takeSnapshot } from './snapshot.ts'

const TIMEOUT_MS = 1_000
const SNAPSHOT_TIMEOUT_MS = 30_000
/** How long a starting node waits for peers that are there and silent. */
const JOIN_MAX_MS = 10_000
const JOIN_RETRY_MS = 100

export interface ReplicationOptions {
  readonly nodeId: string
  readonly adminToken: string
  readonly peers: PeerDirectory
  readonly replica: Replica
}

/**
 * Keeps the copies of all nodes alike. Every node numbers its own changes and sends them to every peer; who sees a
 * hole in another's numbers asks that node for everything it has.
 *
 *   join    greet every peer ─► snapshot from the first that has one ─► joined
 *   change  apply here ─► send to every peer ─► wait for those that are reachable
 *   batch   apply ─► (hole? snapshot from the sender)
 */
export class Replication implements Upkeep {
  readonly #options: ReplicationOptions
  readonly #dispatcher = new Agent({ connections: 2, connect: { timeout: TIMEOUT_MS } })
  readonly #links: PeerLinks
  readonly #incarnation = randomBytes(8).toString('hex')
  readonly #positions = new Positions()
  #seq = 0
  #joined = false
  #closed = false
  #resting = false
  #catchUps = 0
  readonly #heartbeat = new Heartbeat((wasStopped) => void (wasStopped ? this.join() : this.#greetAll()))
  #catchingUp: Promise<void> | undefined

  constructor(options: ReplicationOptions) {
    this.#options = options
    const { nodeId, adminToken, peers } = options
    const shared = { nodeId, adminToken, incarnation: this.#incarnation, dispatcher: this.#dispatcher }
    this.#links = new PeerLinks(peers, (peer) => new PeerLink({ ...shared, peer, timeoutMs: TIMEOUT_MS }))
  }

  /** May this node answer from its copy? Not before it has joined, nor while it knows that it missed something. */
  get isCurrent(): boolean {
    return this.#joined && this.#positions.behind.length === 0 && this.#heartbeat.isRecent
  }

  get usage(): ReplicationUsage {
    const { tombstones, tombstonesDropped, held } = this.#options.replica.usage
    return {
      held,
      tombstones,
      tombstonesDropped,
      catchUps: this.#catchUps,
      peers: this.#links.all.map((link) => link.usage()),
    }
  }

  /** The last acknowledged change of each peer, ms. */
  get lags(): { id: string; lagMs: number }[] {
    return this.#links.all.map(({ peer, lagMs }) => ({ id: peer.id, lagMs }))
  }

  /** Call when the private listener is open: peers are told that this node is there, and asked for what there is. */
  async join(): Promise<void> {
    this.#joined = false
    await this.#greetAll()
    const giveUpAtMs = performance.now() + JOIN_MAX_MS
    while (!this.#closed && (!(await this.#links.find()) || (await this.#takeFirstSnapshot()) === 'silent')) {
      if (performance.now() > giveUpAtMs) break
      await delay(JOIN_RETRY_MS)
    }
    this.#joined = true
    this.#startCatchingUp()
    if (!this.#closed && !this.#resting) this.#heartbeat.start()
  }

  /** Changes go on being sent and taken; only nobody is greeted. */
  rest(): void {
    this.#resting = true
    this.#heartbeat.stop()
  }

  /** Who missed something meanwhile notices by the greeting, and asks for it. */
  async wake(): Promise<void> {
    this.#resting = false
    if (!this.#joined) return
    await this.#greetAll()
    this.#heartbeat.start()
  }

  /** Applies a change of this node's own and resolves when every reachable peer has it. */
  async publish(change: Change): Promise<'taken' | 'full'> {
    if (this.#options.replica.apply(change) === 'full') return 'full'
    this.#seq += 1
    const [seq, text] = [this.#seq, JSON.stringify(change)]
    const deliveries: Delivery[] = await Promise.all(this.#links.all.map((link) => link.send(seq, text)))
    return deliveries.includes('full') ? 'full' : 'taken'
  }

  /** Takes what a peer sent. */
  receive({ from, incarnation, firstSeq, changes, positions = {} }: Batch): BatchAnswer {
    this.#links.of(from)?.markReachable()
    let full = false
    for (const change of changes) full = this.#options.replica.apply(change) === 'full' || full
    let fellBehind = this.#positions.follow(from, incarnation, firstSeq, firstSeq + changes.length - 1)
    for (const [id, position] of Object.entries(positions)) {
      // The sender has more of a node that is gone: what is missing is with the sender.
      fellBehind = this.#positions.hear(id, position) || fellBehind
    }
    if (fellBehind && this.#joined) this.#startCatchingUp()
    return { result: full ? 'full' : 'taken' }
  }

  /** Everything this node has, for a peer that asks. It gets every change from now on. */
  *snapshot(asker: string): Generator<string> {
    this.#links.of(asker)?.markReachable()
    const head: SnapshotHead = {
      from: this.#options.nodeId,
      incarnation: this.#incarnation,
      seq: this.#seq,
      positions: this.#positions.complete((id) => id !== asker),
    }
    yield* snapshotLines(head, this.#options.replica.changes())
  }

  /** Has it anything to give? Not while it is itself asking around. */
  get hasSnapshot(): boolean {
    return this.#joined
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#heartbeat.stop()
    await this.#dispatcher.destroy()
  }

  async #greetAll(): Promise<void> {
    void this.#links.find()
    const positions = this.#positions.complete((id) => this.#links.isAway(id))
    await Promise.all(this.#links.all.map((link) => link.greet(this.#seq + 1, positions)))
  }

  async #takeFirstSnapshot(): Promise<'taken' | 'absent' | 'silent'> {
    let outcome: 'absent' | 'silent' = 'absent'
    for (const { peer } of this.#links.reachableFirst) {
      const result = await this.#snapshotFrom(peer)
      if (result === 'taken') return result
      if (result === 'silent') outcome = 'silent'
    }
    return outcome
  }

  async #snapshotFrom(peer: Peer): Promise<Given> {
    const { nodeId, adminToken, replica } = this.#options
    const access = { nodeId, adminToken, dispatcher: this.#dispatcher, timeoutMs: SNAPSHOT_TIMEOUT_MS }
    const head = await takeSnapshot(peer, access, (change) => replica.apply(change))
    if (typeof head === 'string') return head
    this.#catchUps += 1
    this.#positions.adopt(head.from, head)
    for (const [id, position] of Object.entries(head.positions))
      if (id !== nodeId) this.#positions.adopt(id, position)
    return 'taken'
  }

  #startCatchingUp(): void {
    this.#catchingUp ??= catchUp({
      positions: this.#positions,
      askItself: async (id) => {
        const link = this.#links.of(id)
        return link ? this.#snapshotFrom(link.peer) : 'absent'
      },
      askOthers: () => this.#takeFirstSnapshot(),
      isThere: (id) => this.#links.of(id)?.isReachable === true,
      isClosed: () => this.#closed,
    }).finally(() => {
      this.#catchingUp = undefined
    })
  }
}

import type { Replication } from './replication.ts'

/** Where the private listener finds this node's replication, once a mode has one. */
export class ReplicationHost {
  #replication: Replication | undefined
  #isListening = false

  get current(): Replication | undefined {
    return this.#replication
  }

  /**
   * Peers can reach the replication from here on, so that of two nodes that begin at once one finds the other.
   * Resolves when it has joined; before the listeners are open there is nobody to wait for, see `open`.
   */
  async take(replication: Replication): Promise<void> {
    this.#replication = replication
    if (this.#isListening) await replication.join()
  }

  /** Call when the listeners are open: a node that starts in a replicated mode joins now. */
  async open(): Promise<void> {
    this.#isListening = true
    await this.#replication?.join()
  }
}

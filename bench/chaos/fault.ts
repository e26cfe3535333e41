import type { Cluster } from '#cluster/cluster.ts'
import type { FaultName } from '#contract/modes.ts'

/** A fault in force. Disposing heals; disposing twice is harmless. */
export interface InjectedFault extends AsyncDisposable {
  /** The part that was hit, or what stands for all of them. */
  readonly part: string
  /** Nodes whose memory was lost: logins that they alone held are gone. */
  readonly emptied: readonly string[]
}

/** Something that breaks on purpose, and how it is made whole again. */
export interface Fault {
  readonly name: FaultName
  /** One line for people: what happens to which part. */
  readonly summary: string
  /** What it takes away: where it is the store, what that means is measured apart. */
  readonly hits: 'nodes' | 'proxy' | 'store'
  /** How long it is left in force unless told otherwise, ms; null: it is over when it has been injected. */
  readonly forMs: number | null
  /** What injecting takes at most, ms, for planning how long a run lasts: 0 where it is done at once. */
  readonly takesMs: number
  /** @param chance draws in [0, 1): which part is hit comes from the run's seed. */
  inject(cluster: Cluster, chance: () => number): Promise<InjectedFault>
}

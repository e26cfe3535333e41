import type { Cluster } from '#cluster/cluster.ts'
import type { FaultName } from '#contract/modes.ts'

/** A fault in force. Disposing heals; disposing twice is harmless. */
export interface InjectedFault extends AsyncDisposable {
  /** The part that was hit. */
  readonly part: string
}

/** Something that breaks on purpose, and how it is made whole again. */
export interface Fault {
  readonly name: FaultName
  /** One line for people: what happens to which part. */
  readonly summary: string
  /** @param chance draws in [0, 1): which part is hit comes from the run's seed. */
  inject(cluster: Cluster, chance: () => number): Promise<InjectedFault>
}

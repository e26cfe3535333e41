import type { Cluster } from '#cluster/cluster.ts'
import type { FaultName, ModeName } from '#contract/modes.ts'
import type { Credential } from '#contract/node-admin.ts'

/** A fault in force. Disposing heals; disposing twice is harmless. */
export interface InjectedFault extends AsyncDisposable {
  /** The part that was hit, or what stands for all of them. */
  readonly part: string
  /** What chance decided beside the part, in words. */
  readonly detail: string | undefined
  /** Nodes whose memory was lost: logins that they alone held are gone. */
  readonly emptied: readonly string[]
  /** The node that was not there before, and when it took traffic, µs on the monotonic clock. */
  readonly joined: JoinedNode | undefined
  /** Of several faults in a row: each, µs on the monotonic clock. */
  readonly steps: readonly StepDone[]
  /** A credential that nobody was given and that is accepted while the fault lasts. */
  readonly forged: Credential | undefined
}

export interface JoinedNode {
  readonly node: string
  readonly atUs: number
}

/** One fault of several, done. */
export interface StepDone {
  readonly fault: FaultName
  readonly part: string
  readonly atUs: number
  readonly healUs: number
}

/** What a fault wants of the cluster from its start, in every arm of a comparison. */
export type FaultNeed = 'links' | 'movable-clocks' | 'memory-bound'

/** Something that breaks on purpose, and how it is made whole again. */
export interface Fault {
  readonly name: FaultName | 'schedule'
  /** One line for people: what happens to which part. */
  readonly summary: string
  /** What it takes away: where it is the store, what that means is measured apart. */
  readonly hits: 'nodes' | 'proxy' | 'store' | 'keys' | 'mode' | 'size' | 'several'
  /** How long it is left in force unless told otherwise, ms; null: it is over when it has been injected. */
  readonly forMs: number | null
  /** What injecting takes at most, ms, for planning how long a run lasts: 0 where it is done at once. */
  readonly takesMs: number
  readonly needs: readonly FaultNeed[]
  /** Healing ends every login on purpose: that they are lost is no broken promise. */
  readonly voidsLogins?: true
  /**
   * @param chance draws in [0, 1): which part is hit comes from the run's seed.
   * @param mode the cluster's mode; undefined: a service that is not ours, and knows none.
   * @param signal ends a wait early; what was broken until then is healed.
   */
  inject(
    cluster: Cluster,
    chance: () => number,
    mode: ModeName | undefined,
    signal?: AbortSignal,
  ): Promise<InjectedFault>
}

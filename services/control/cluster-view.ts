import type { ClusterState, PartState } from '#contract/control.ts'
import type { LinkState } from '#contract/links.ts'
import type { ModeName } from '#contract/modes.ts'
import type { RenewalSetting } from '#contract/renewal.ts'

/** What control knows: who is in the cluster, and the mode that all of them are in or will be told. */
export interface ClusterView {
  state(): ClusterState
  part(id: string): PartState | undefined
  /** Parts of a kind that take part in a switch: those that run. */
  running(kind: PartState['kind']): readonly PartState[]
  /** Replaces the parts; answers those that have just become ready. */
  update(parts: readonly PartState[]): readonly PartState[]
  /** Undefined: they run without relays. */
  setLinks(links: readonly LinkState[] | undefined): void
  markDraining(id: string, draining: boolean): void
  /** Of the nodes there are: whoever is drained, also while it is down. */
  drained(): readonly string[]
  /** Generations only grow, also those of switches that failed, so that no late word of one is taken for another's. */
  nextGeneration(): number
  commit(mode: ModeName, generation: number): void
  /** Set for every node that runs, and for those that start later. */
  commitRenewal(setting: RenewalSetting): void
}

export function createClusterView(mode: ModeName, canSignal: boolean): ClusterView {
  let parts: readonly PartState[] = []
  let renewal: RenewalSetting | undefined
  let links: readonly LinkState[] | undefined
  let current = { mode, generation: 1 }
  let lastGeneration = 1
  const draining = new Set<string>()
  const shown = (part: PartState): PartState =>
    part.condition === 'ready' && draining.has(part.id) ? { ...part, condition: 'draining' } : part
  const more = () => ({ ...(renewal && { renewal }), ...(links && { links }) })
  return {
    state: () => ({ ...current, canSignal, parts: parts.map(shown), ...more() }),
    part: (id) => parts.filter((part) => part.id === id).map(shown)[0],
    running: (kind) => parts.filter((part) => part.kind === kind && part.condition !== 'stopped'),
    update(next) {
      const earlier = new Map(parts.map((part) => [part.id, part]))
      parts = next
      return next.filter((part) => {
        const before = earlier.get(part.id)
        return part.condition === 'ready' && (before?.condition !== 'ready' || before.pid !== part.pid)
      })
    },
    setLinks(next) {
      links = next
    },
    markDraining: (id, begins) => {
      if (begins) draining.add(id)
      else draining.delete(id)
    },
    drained: () => parts.flatMap(({ id }) => (draining.has(id) ? [id] : [])),
    nextGeneration: () => {
      lastGeneration += 1
      return lastGeneration
    },
    commit: (newMode, generation) => {
      current = { mode: newMode, generation }
      lastGeneration = Math.max(lastGeneration, generation)
    },
    commitRenewal: (setting) => {
      renewal = setting
    },
  }
}

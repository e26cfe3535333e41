import type { ClusterState, PartState } from '#contract/control.ts'
import type { LinkState } from '#contract/links.ts'
import type { ModeName } from '#contract/modes.ts'

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
  /** Generations only grow, also those of switches that failed, so that no late word of one is taken for another's. */
  nextGeneration(): number
  commit(mode: ModeName, generation: number): void
}

export function createClusterView(mode: ModeName, canSignal: boolean): ClusterView {
  let parts: readonly PartState[] = []
  let links: readonly LinkState[] | undefined
  let current = { mode, generation: 1 }
  let lastGeneration = 1
  const draining = new Set<string>()
  const shown = (part: PartState): PartState =>
    part.condition === 'ready' && draining.has(part.id) ? { ...part, condition: 'draining' } : part
  return {
    state: () => ({ ...current, canSignal, parts: parts.map(shown), ...(links && { links }) }),
    part: (id) => parts.filter((part) => part.id === id).map(shown)[0],
    running: (kind) => parts.filter((part) => part.kind === kind && part.condition !== 'stopped'),
    update(next) {
      const earlier = new Map(parts.map((part) => [part.id, part]))
      parts = next
      const fresh = next.filter((part) => {
        const before = earlier.get(part.id)
        return part.condition === 'ready' && (before?.condition !== 'ready' || before.pid !== part.pid)
      })
      // Who is drained is the proxy's memory: it outlives a node, and ends with the proxy.
      if (fresh.some((part) => part.kind === 'proxy' && earlier.get(part.id)?.pid !== part.pid))
        draining.clear()
      return fresh
    },
    setLinks(next) {
      links = next
    },
    markDraining: (id, begins) => {
      if (begins) draining.add(id)
      else draining.delete(id)
    },
    nextGeneration: () => {
      lastGeneration += 1
      return lastGeneration
    },
    commit: (newMode, generation) => {
      current = { mode: newMode, generation }
      lastGeneration = Math.max(lastGeneration, generation)
    },
  }
}

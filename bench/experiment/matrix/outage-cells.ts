import type { FaultName, ModeName } from '#contract/modes.ts'
import { MODES } from '#contract/modes.ts'
import { OUTAGE_POLICIES, type OutagePolicy } from '#contract/outage.ts'
import type { Cell } from './cells.ts'

/** One state of Redis in one mode under one policy; null: the mode knows one way only. */
export interface OutageCell extends Cell {
  policy: OutagePolicy | null
}

/** The states that Redis can be in, and what `--short` takes of them. */
export const OUTAGES = [
  'kill-redis',
  'pause-redis',
  'silent-redis',
  'slow-redis',
  'cut-redis-from-one-node',
  'full-redis',
  'evicting-redis',
] as const satisfies readonly FaultName[]
const SHORT: readonly FaultName[] = ['kill-redis', 'silent-redis', 'cut-redis-from-one-node']

/**
 * Policy by policy, since nodes are started with theirs; mode `redis` alone has a choice, the others stand beside its
 * default, which comes last.
 */
export function outageCells(modes: readonly ModeName[], { short }: { short: boolean }): OutageCell[] {
  return [...OUTAGE_POLICIES].reverse().flatMap((policy) =>
    modes.flatMap((mode) => {
      if (mode !== 'redis' && policy !== 'closed') return []
      return OUTAGES.filter(
        (fault) => MODES[mode].faults.includes(fault) && (!short || SHORT.includes(fault)),
      ).map((fault) => ({ mode, fault, policy: mode === 'redis' ? policy : null }))
    }),
  )
}

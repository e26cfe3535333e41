import { FAULT_NAMES, type FaultName, MODES, type ModeName } from '#contract/modes.ts'

/** One fault in one mode. */
export interface Cell {
  mode: ModeName
  fault: FaultName
}

/** What `--short` takes, in the order in which it is read: at most 24 cells, each of which shows something of its own. */
const SHORT: Readonly<Partial<Record<FaultName, readonly ModeName[]>>> = {
  'kill-node': ['local', 'sticky', 'redis', 'cookie', 'jwt', 'jwt-denylist', 'replicated'],
  'pause-node': ['sticky', 'redis'],
  'kill-redis': ['redis', 'jwt-denylist', 'redis-cached', 'jwt-pushed', 'jwt-hybrid'],
  'silent-redis': ['redis', 'jwt-pushed'],
  'cut-redis-from-one-node': ['redis', 'redis-cached'],
  'evicting-redis': ['jwt-denylist'],
  'partition-peers': ['replicated'],
  'skew-clock': ['sticky', 'redis'],
  'leaked-key': ['jwt', 'jwt-denylist'],
}

/** The cells of these modes, fault by fault; those without a meaning by the mode table are left out. */
export function matrixCells(modes: readonly ModeName[], { short }: { short: boolean }): readonly Cell[] {
  return FAULT_NAMES.flatMap((fault) =>
    modes
      .filter((mode) => MODES[mode].faults.includes(fault) && (!short || SHORT[fault]?.includes(mode)))
      .map((mode) => ({ mode, fault })),
  )
}

import type { ModeName } from './modes.ts'
import type { WindowRow } from './result.ts'

/**
 * What a lookup is projected to cost at a rate.
 * `both-points`: it falls by the same share with each doubling of the rate, so that it is what was measured at the run's
 * equal rate and at its saturated point. `saturated`: what it costs when saturated, at any rate.
 */
export const COST_MODELS = ['both-points', 'saturated'] as const
export type CostModelName = (typeof COST_MODELS)[number]

/** What is to be carried. */
export interface Demanded {
  lookupsPerS: number
  loginsPerS: number
  sessions: number
  /** Of each machine that runs nodes. */
  cores: number
  /** Machines that may be gone while the rest carries all of it. */
  survive: number
}

/** What no run measures, and is taken as given. */
export interface Assumed {
  /** CPU time of one password check, ms. */
  loginCpuMs: number
  /** Memory of one session without its data, bytes: in a store, or in a node. */
  sessionBytes: number
}

/** What one mode is projected to need. Nothing here was measured at that size. */
export interface Projection {
  mode: ModeName
  /** `saturated` where the run has no valid costs at the equal rate. */
  model: CostModelName
  /** Machines in all, those that may be gone included, each running as many nodes as it has cores. */
  machines: number
  /** Nodes on those machines. */
  nodes: number
  /** How busy the event loops are with all machines, and with as many gone as may be. */
  loopShare: number
  loopShareDegraded: number
  /** Projected waiting for the event loop, ms, likewise. */
  waitMs: number
  waitDegradedMs: number
  /** Cores' worth of CPU time on the nodes, passwords included. */
  nodeCores: number
  /** Cores' worth of the store, and how many single-threaded stores that takes; null: the mode asks none. */
  storeCores: number | null
  stores: number
  /** Cores' worth of the proxy, and how many single-threaded proxies; null: the run went around it. */
  proxyCores: number | null
  proxies: number
  /** Of live sessions: in the store, and in each node; 0: the mode keeps none there. */
  storeBytes: number
  nodeBytes: number
  /** Bits a second at the entrance, both ways. */
  networkBitsPerS: number
}

export interface Sizing {
  resultId: string
  demanded: Demanded
  assumed: Assumed
  /** The share of a core that nothing is projected to exceed. */
  utilisation: number
  /** Where the costs come from, in words: machine, store, cluster. */
  conditions: readonly { name: string; value: string }[]
  projections: readonly Projection[]
  /** Modes that cannot be projected, and why. */
  leftOut: readonly string[]
}

/** CPU figures are a tier's CPU time per successful lookup. */
export type CheckedFigureName =
  | 'nodeCpuUs'
  | 'storeCpuUs'
  | 'proxyCpuUs'
  /** How busy each node's event loop is, of 1. */
  | 'loopShare'
  /** Cores' worth of node, store, proxy and load generator together. */
  | 'labCores'
  | 'responseP50Ms'
  | 'responseP99Ms'
  /** Up and down, of one lookup. */
  | 'bytes'

/** One figure as projected by each model, and as measured. */
export interface CheckedFigure {
  name: CheckedFigureName
  /** null: not measured, or void; `reason` says why. */
  measured: number | null
  /** 95 % interval over rounds; null where there is none. */
  interval: readonly [number, number] | null
  reason?: string
  /** `error` = measured ÷ projected − 1; null where either is missing. Absent: the run cannot be projected from so. */
  projected: Readonly<Partial<Record<CostModelName, { value: number | null; error: number | null }>>>
}

/** One mode at a share of the capacity projected for this machine. */
export interface CheckedLoad {
  mode: ModeName
  share: number
  ratePerS: number
  figures: readonly CheckedFigure[]
  /** Why the whole row says nothing; empty: it does. */
  doubts: readonly string[]
  windows: readonly WindowRow[]
}

/** What the lab on this machine is projected to carry, and what is full first. */
export interface ProjectedCapacity {
  mode: ModeName
  model: CostModelName
  ratePerS: number
  /** `generator`: the one thread that sends. `cores`: all of the lab on this machine's cores. */
  boundBy: 'loops' | 'store' | 'proxy' | 'generator' | 'cores'
}

/** How far measurements lay from projections, over all loads. */
export interface ErrorSpread {
  name: CheckedFigureName
  model: CostModelName
  /** Loads with both figures. */
  n: number
  least: number
  most: number
  /** Of the errors without their signs. */
  median: number
}

/** Projections of one result beside measurements of the same lab. */
export interface SizeCheckEvidence {
  resultId: string
  utilisation: number
  nodes: number
  cores: number
  capacities: readonly ProjectedCapacity[]
  loads: readonly CheckedLoad[]
  errors: readonly ErrorSpread[]
  /** What is not as it was when the result was measured. */
  differences: readonly string[]
}

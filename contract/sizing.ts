import type { ModeName } from './modes.ts'

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
  projections: readonly Projection[]
  /** Modes that cannot be projected, and why. */
  leftOut: readonly string[]
}

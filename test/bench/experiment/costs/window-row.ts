import { emptyOutcomeCounts } from '#contract/outcomes.ts'
import type { WindowRow } from '#contract/result.ts'

/** A window of 1,000 answers in one second, each costing `nodeUs` on the node and `storeUs` in the store. */
export function windowRow(more: Partial<WindowRow> & { nodeUs?: number; storeUs?: number }): WindowRow {
  const { nodeUs = 20, storeUs = 0, ...row } = more
  return {
    round: 1,
    arm: 'baseline',
    visit: 0,
    point: 'saturated',
    durationMs: 1000,
    outcomes: { ...emptyOutcomeCounts(), ok: 1000 },
    cpuUs: {
      node: nodeUs * 1000,
      nodeLoop: nodeUs * 900,
      proxy: null,
      store: storeUs * 1000,
      generator: 12_000,
    },
    nodeBusy: 0.97,
    served: { nodeOk: 1000, nodeLookups: 1000, proxyOk: null },
    storeCommands: 0,
    bytesUp: 100_000,
    bytesDown: 300_000,
    latencyMs: { responseP50: 1, responseP99: 5, serviceP50: 0.9, serviceP99: 4 },
    latenessMs: { p50: 0.05, p99: 1 },
    byNode: { 'node-1': 1000 },
    flags: [],
    ...row,
  }
}

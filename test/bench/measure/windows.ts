import type { CheckedWindow } from '#bench/measure/checked-window.ts'
import { emptyOutcomeCounts } from '#contract/outcomes.ts'

/** A window in which all is well: 1,500 requests in a second, three nodes. */
export function goodWindow(changes: Partial<CheckedWindow['load']> = {}): CheckedWindow {
  const outcomes = { ...emptyOutcomeCounts(), ok: 1500 }
  return {
    arm: 'redis',
    windowMs: 1000,
    load: {
      kind: 'open',
      edgesUs: [5_000_000, 6_000_000],
      intended: 1500,
      sent: 1500,
      inFlight: [2, 1],
      outcomes,
      completed: outcomes,
      byNode: { 'node-1': 500, 'node-2': 500, 'node-3': 500 },
      wrongMode: 0,
      serviceMs: { p50: 0.6 },
      latenessMs: { p50: 0.05 },
      tailMs: { lateness: 0.8, response: 3 },
      generatorCpu: { loopUs: 300_000, elapsedUs: 1_000_000 },
      ticks: { count: 1200 },
      ...changes,
    },
    ledger: {
      node: { cpuUs: 100_000, loopUs: 90_000 },
      nodes: [],
      proxy: null,
      store: null,
      storeCommands: null,
      lookups: 1500,
      ok: 1500,
      answered: 1500,
      skewUs: { start: 2000, end: 3000 },
      problems: [],
    },
  }
}

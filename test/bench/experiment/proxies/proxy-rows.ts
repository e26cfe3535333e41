import { emptyOutcomeCounts } from '#contract/outcomes.ts'
import type { ProxyArmName, ProxyWindowRow } from '#contract/result.ts'

/** A window of 1,000 successes in a second whose proxy used this much CPU per request. */
export function proxyRow(
  arm: ProxyArmName,
  round: number,
  cpuUs: number | null,
  change: Partial<ProxyWindowRow> = {},
): ProxyWindowRow {
  return {
    round,
    visit: 0,
    arm,
    point: 'equal-rate',
    durationMs: 1000,
    outcomes: { ...emptyOutcomeCounts(), ok: 1000 },
    completedOk: 1000,
    edgesMs: 1000,
    proxyCpu: cpuUs === null ? null : { us: cpuUs * 1000, readingsMs: 1000 },
    latencyMs: { responseP50: 1, responseP99: 2, serviceP50: 1 },
    byNode: {},
    flags: [],
    ...change,
  }
}

/** Eight rounds in which each proxy costs this much, give or take a little that is the same for all. */
export function eightRounds(costs: Partial<Record<ProxyArmName, number>>): ProxyWindowRow[] {
  const rows: ProxyWindowRow[] = []
  for (let round = 1; round <= 8; round += 1)
    for (const [arm, cost] of Object.entries(costs) as [ProxyArmName, number][]) {
      const drift = 1 + round / 20
      rows.push(proxyRow(arm, round, cost * drift))
      // Now above, now below the first visit.
      const wobble = 1 + (round % 2 === 0 ? round : -round) / 1000
      if (arm === 'undici') rows.push(proxyRow(arm, round, cost * drift * wobble, { visit: 1 }))
    }
  return rows
}

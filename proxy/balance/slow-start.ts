import type { ProxySettings } from '../settings.ts'
import type { Upstream } from '../upstream/upstream.ts'

/**
 * The weight of an upstream now: one that came back begins with a share of its weight and grows to all of it, so that
 * cold caches and empty pools are not met by full traffic. Concerns unpinned traffic only, which is all a balancer sees.
 */
export function createSlowStart(
  settings: ProxySettings['slowStart'],
  nowMs: () => number,
): (upstream: Upstream) => number {
  return (upstream) => {
    if (upstream.backSinceMs === 0) return upstream.weight
    const passed = (nowMs() - upstream.backSinceMs) / settings.overMs
    if (passed < 1) return upstream.weight * Math.max(settings.fromShare, passed)
    upstream.backSinceMs = 0
    return upstream.weight
  }
}

import type { ClusterState } from '#contract/control.ts'
import type { DashboardState } from '#contract/dashboard.ts'
import { type LinkCondition, type LinkState, linkWords } from '#contract/links.ts'
import type { Journal } from './journal.ts'

/** Compares the cluster with what it saw before: what changed goes into the event log, the last fault is kept. */
export interface FaultWatch {
  notice(): void
  fault(): DashboardState['fault']
}

export function createFaultWatch(
  state: () => ClusterState,
  journal: Journal,
  nowMs: () => number = Date.now,
): FaultWatch {
  let before = state()
  let fault: DashboardState['fault'] = null
  function noticeParts(now: ClusterState): void {
    for (const { id, condition } of now.parts) {
      const was = before.parts.find((part) => part.id === id)?.condition
      if (was === condition) continue
      if (was !== undefined) {
        journal.add('cluster', `${id}: ${was} → ${condition}`)
        if (condition === 'stopped' || condition === 'paused')
          fault = { part: id, what: condition, atMs: nowMs() }
      } else if (before.parts.length > 0) journal.add('cluster', `${id}: joined, ${condition}`)
    }
    // Taken out, or, in containers, killed: a dead one's address is known no more.
    for (const { id } of before.parts.filter((was) => now.parts.every((part) => part.id !== was.id))) {
      journal.add('cluster', `${id}: gone`)
      fault = { part: id, what: 'no longer there', atMs: nowMs() }
    }
  }
  function noticeLink({ from, to, condition }: LinkState): void {
    const was = before.links?.find((link) => link.from === from && link.to === to)?.condition
    const [now, then] = [linkWords(condition), linkWords(was ?? {})]
    if (now === then) return
    journal.add('cluster', `${from} → ${to}: ${now}`)
    if (now !== 'healthy') fault = { part: to, what: faultOf(condition), atMs: nowMs() }
  }
  return {
    notice() {
      const now = state()
      noticeParts(now)
      for (const link of now.links ?? []) noticeLink(link)
      if (now.mode !== before.mode) journal.add('cluster', `mode ${before.mode} → ${now.mode}`)
      before = now
    },
    fault: () => fault,
  }
}

/** What somebody finds who wants to reach the other end of such a link. */
function faultOf({ cut, silent }: LinkCondition): string {
  if (cut) return 'cut off'
  return silent ? 'silenced' : 'slowed'
}

import { setTimeout as sleep } from 'node:timers/promises'
import { monotonicUs } from '#contract/clock.ts'
import type { FaultName } from '#contract/modes.ts'
import type { Fault, StepDone } from './fault.ts'
import { FAULTS } from './fault-table.ts'
import { injected } from './injected.ts'

/** One of several faults in a row: when it strikes, from the start of the load, and for how long it lasts, ms. */
export interface FaultStep {
  fault: FaultName
  atMs: number
  forMs: number
}

/** How long a step of this fault lasts unless told otherwise, ms. */
export function usualForMs(fault: FaultName): number {
  return FAULTS[fault].forMs ?? 0
}

/**
 * Several faults in one run, each healed before the next strikes. It is over when it has been injected.
 * @param steps in ascending order, not overlapping; at least one.
 */
export function scheduledFaults(steps: readonly FaultStep[]): Fault {
  const [first] = steps
  const last = steps.at(-1)
  if (first === undefined || last === undefined) throw new Error('a schedule of faults is empty')
  const extraMs = steps.reduce((sum, { fault }) => sum + FAULTS[fault].takesMs, 0)
  return {
    name: 'schedule',
    summary: steps.map(({ fault }) => fault).join(', then '),
    hits: 'several',
    forMs: null,
    takesMs: last.atMs + last.forMs - first.atMs + extraMs,
    needs: [...new Set(steps.flatMap(({ fault }) => FAULTS[fault].needs))],
    ...(steps.some(({ fault }) => FAULTS[fault].voidsLogins) ? { voidsLogins: true } : {}),
    async inject(cluster, chance, mode, signal) {
      const startMs = performance.now() - first.atMs
      const until = (atMs: number) =>
        sleep(
          Math.max(0, startMs + atMs - performance.now()),
          undefined,
          signal === undefined ? {} : { signal },
        )
      const done: StepDone[] = []
      const emptied = new Set<string>()
      for (const { fault, atMs, forMs } of steps) {
        await until(atMs)
        const atUs = monotonicUs()
        await using hit = await FAULTS[fault].inject(cluster, chance, mode, signal)
        for (const node of hit.emptied) emptied.add(node)
        await until(atMs + forMs)
        const healUs = monotonicUs()
        await hit[Symbol.asyncDispose]()
        done.push({ fault, part: hit.part, atUs, healUs })
      }
      return injected({ part: 'several', emptied: [...emptied], steps: done }, async () => {})
    },
  }
}

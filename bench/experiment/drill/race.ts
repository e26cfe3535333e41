import { setTimeout as delay } from 'node:timers/promises'
import type { Random } from '#bench/workload/random.ts'

/** How far apart the beginnings of a race may be drawn, ms. */
const SPREAD_MS = 6

/** Begins everything at about the same time, each a drawn moment later than the others, and waits for all. */
export async function race<const Runners extends readonly (() => Promise<unknown>)[]>(
  random: Random,
  runners: Runners,
): Promise<{ -readonly [Place in keyof Runners]: Awaited<ReturnType<Runners[Place]>> }> {
  const results = await Promise.all(
    runners.map(async (run) => {
      const waitMs = random.next() < 0.5 ? 0 : random.next() * SPREAD_MS
      if (waitMs > 0) await delay(waitMs)
      return run()
    }),
  )
  return results as never
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { Sample } from '#bench/load/plan.ts'
import { createHistogram } from '#bench/measure/histogram.ts'
import { labUserIds } from '#contract/lab.ts'
import type { Mode } from '#contract/modes.ts'
import { emptyOutcomeCounts } from '#contract/outcomes.ts'
import type { StormLookups } from '#contract/result.ts'
import type { Target } from '#contract/target.ts'
import type { Lab } from '../lab/lab.ts'
import { seedEverywhere } from '../lab/seeding.ts'

/** People who are in all the time. */
export const BYSTANDERS = 100
/** Enough that a lookup that takes a second does not keep the next ones waiting. */
const CONNECTIONS = 256
const TIMEOUT_MS = 5_000
/** One may wait for a connection, and then for its answer; what was due is settled by then. */
const SETTLE_MS = 3 * TIMEOUT_MS
const LOOK_MS = 100

/** Lookups under way, until `end`. */
export interface Bystanders {
  /** Waits until everything is settled that was due until then, and gives every request. */
  end(untilUs: number): Promise<readonly Sample[]>
}

/** Logs the bystanders in, without a password, and has them look something up in an open loop, for `lastsMs` at most. */
export async function watchBystanders(
  lab: Lab,
  target: Target,
  mode: Mode,
  {
    firstUser,
    ratePerS,
    lastsMs,
    seed,
  }: { firstUser: number; ratePerS: number; lastsMs: number; seed: number },
  signal: AbortSignal,
): Promise<Bystanders> {
  const logins = await seedEverywhere(lab.cluster, mode, labUserIds(firstUser, BYSTANDERS))
  const over = new AbortController()
  const samples: Sample[] = []
  const started = Promise.withResolvers<void>()
  const load = lab.generator.run(
    {
      kind: 'open',
      urls: [target.url],
      request: target.requests.lookup,
      clients: logins.map(({ credential }) => ({
        userId: credential.userId,
        headers: { ...credential.headers },
        expectation: mode.expected.lookup.live,
      })),
      userMember: target.userMember,
      connections: CONNECTIONS,
      leadMs: 500,
      windowMs: lastsMs,
      tailMs: 0,
      ratePerS,
      arrivals: 'poisson',
      seed,
      timeoutMs: TIMEOUT_MS,
      keepSamples: true,
      followCookies: true,
    },
    { onEdge: (edge) => edge === 'start' && started.resolve(), onSamples: (batch) => samples.push(...batch) },
    AbortSignal.any([over.signal, signal]),
  )
  load.catch(started.reject)
  await started.promise
  return {
    async end(untilUs) {
      const deadlineMs = performance.now() + SETTLE_MS
      while (!isSettled(samples, untilUs) && performance.now() < deadlineMs)
        await sleep(LOOK_MS, undefined, { signal })
      over.abort()
      await load.catch((error: unknown) => {
        if (signal.aborted || !over.signal.aborted) throw error
      })
      return samples
    },
  }
}

/** Arrivals are numbered: all are settled when a later one is there and none is missing before it. */
export function isSettled(samples: readonly Pick<Sample, 'seq' | 'dueUs'>[], untilUs: number): boolean {
  let count = 0
  let last = -1
  let isPast = false
  for (const { seq, dueUs } of samples) {
    if (dueUs > untilUs) isPast = true
    else {
      count += 1
      last = Math.max(last, seq)
    }
  }
  return isPast && count === last + 1
}

/** What became of the lookups that were due from one moment to another, µs on the monotonic clock. */
export function lookupsBetween(samples: readonly Sample[], fromUs: number, toUs: number): StormLookups {
  const outcomes = emptyOutcomeCounts()
  const response = createHistogram()
  let intended = 0
  for (const { dueUs, doneUs, outcome } of samples) {
    if (dueUs < fromUs || dueUs >= toUs) continue
    intended += 1
    outcomes[outcome] += 1
    if (outcome === 'ok') response.record(doneUs - dueUs)
  }
  return { intended, outcomes, p50Ms: response.percentileMs(50), p99Ms: response.percentileMs(99) }
}

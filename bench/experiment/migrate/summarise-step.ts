import type { Holding } from '#bench/check/survival.ts'
import type { MigrationStep, RequestCounts } from '#contract/migration.ts'
import { afterSwitch, type ModeName } from '#contract/modes.ts'
import type { Asked, Seen } from './asking-people.ts'

/** What a step is computed from. µs on one clock. */
export interface StepRecord {
  readonly from: ModeName
  readonly to: ModeName
  readonly users: readonly string[]
  readonly seen: Seen
  readonly orderUs: number
  readonly confirmedUs: number
  readonly endUs: number
  /** The same credentials, put to every node before and after. */
  readonly before: readonly Holding[]
  readonly after: readonly Holding[]
  readonly loginCpuMs: number | null
}

/** One step in numbers. */
export function summariseStep(record: StepRecord): MigrationStep {
  const { from, to, seen, orderUs, confirmedUs, endUs } = record
  const tries = seen.tries.filter(({ doneUs }) => doneUs >= orderUs)
  const inAgain = whenInAgain(seen, record)
  const times = record.users.map((user) => inAgain.get(user))
  const isWhole = times.every((atUs) => atUs !== undefined)
  const touched = seen.asked.filter(({ dueUs, doneUs }) => doneUs >= orderUs && dueUs <= confirmedUs)
  const slowestUs = Math.max(...touched.map(({ dueUs, doneUs }) => doneUs - dueUs))
  return {
    from,
    to,
    switchMs: (confirmedUs - orderUs) / 1000,
    slowestMs: touched.length === 0 ? null : slowestUs / 1000,
    logins: { ...countLost(record), allowed: afterSwitch(from, to) },
    before: count(seen.asked.filter(({ doneUs }) => doneUs < orderUs)),
    after: count(seen.asked.filter(({ doneUs }) => doneUs >= orderUs)),
    reLogins: {
      users: new Set(tries.filter(({ made }) => made).map(({ user }) => user)).size,
      tried: tries.length,
      failed: tries.filter(({ made }) => !made).length,
    },
    loginCpuMs: record.loginCpuMs,
    wholeMs: isWhole ? (Math.max(...times.map((atUs) => atUs ?? 0)) - orderUs) / 1000 : null,
    watchedMs: (endUs - orderUs) / 1000,
  }
}

/**
 * When each user was in for good: logged in after the last refusal since the order; who was never refused, with the first
 * answer to something sent after the confirmation. Users of whom neither is known yet are left out.
 */
export function whenInAgain(
  { asked, tries }: Seen,
  { orderUs, confirmedUs }: { orderUs: number; confirmedUs: number },
): ReadonlyMap<string, number> {
  const lastOut = new Map<string, number>()
  for (const { user, doneUs, answer } of asked)
    if (answer === 'out' && doneUs >= orderUs) lastOut.set(user, Math.max(doneUs, lastOut.get(user) ?? 0))
  const first = new Map<string, number>()
  const note = (user: string, atUs: number): void => {
    first.set(user, Math.min(atUs, first.get(user) ?? Number.POSITIVE_INFINITY))
  }
  for (const { user, sentUs, doneUs, answer } of asked)
    if (answer === 'in' && sentUs >= confirmedUs && !lastOut.has(user)) note(user, doneUs)
  for (const { user, doneUs, made } of tries)
    if (made && doneUs >= (lastOut.get(user) ?? Number.POSITIVE_INFINITY)) note(user, doneUs)
  return first
}

function countLost({ before, after }: StepRecord): { live: number; lost: number } {
  const live = before.filter(({ acceptedBy }) => acceptedBy.length > 0)
  const kept = new Set(after.filter(({ acceptedBy }) => acceptedBy.length > 0).map(({ userId }) => userId))
  return { live: live.length, lost: live.filter(({ userId }) => !kept.has(userId)).length }
}

function count(asked: readonly Asked[]): RequestCounts {
  const having = (wanted: Asked['answer']): number => asked.filter(({ answer }) => answer === wanted).length
  const kinds: RequestCounts['kinds'] = {}
  let failed = 0
  for (const { answer } of asked) {
    if (answer === 'in' || answer === 'out' || answer === 'by-chance') continue
    failed += 1
    kinds[answer] = (kinds[answer] ?? 0) + 1
  }
  return { answered: asked.length, refused: having('out'), byChance: having('by-chance'), failed, kinds }
}

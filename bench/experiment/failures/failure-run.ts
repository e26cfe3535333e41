import type { Fault } from '#bench/chaos/fault.ts'
import { type Holding, judgeSurvival, usersHeldOnlyBy } from '#bench/check/survival.ts'
import { type FalseLogouts, findFalseLogouts } from '#bench/check/user-story.ts'
import type { Written } from '#bench/check/written.ts'
import type { HistoryLine } from '#contract/history.ts'
import { labUserIds } from '#contract/lab.ts'
import type { Mode } from '#contract/modes.ts'
import type { FailureRun } from '#contract/result.ts'
import { stillinTarget, type Target } from '#contract/target.ts'
import { surveyHoldings } from '../costs/survey.ts'
import type { Lab } from '../lab/lab.ts'
import { type SeededLogin, seedEverywhere } from '../lab/seeding.ts'
import { type Driven, driveFailure } from './drive-failure.ts'
import { failureLedger } from './failure-ledger.ts'
import { failureMetrics } from './failure-metrics.ts'
import type { FailureSchedule } from './failure-schedule.ts'
import { judgeSamples } from './judge-samples.ts'
import { outageLedger } from './outage-ledger.ts'
import { readWritten } from './side-probes/write-probe.ts'
import { toHistory } from './to-history.ts'
import { whenWhole } from './when-whole.ts'

/** Drives one mode at a steady rate, breaks one part, heals it, and says who is still in. The cluster must be whole. */
export async function runFailure(
  lab: Lab,
  mode: Mode,
  fault: Fault,
  seed: number,
  schedule: FailureSchedule,
  signal: AbortSignal,
): Promise<{ run: FailureRun; history: HistoryLine[] }> {
  const { cluster } = lab
  await whenWhole(cluster, signal)
  await cluster.setMode(mode.name)
  const target = stillinTarget(mode, cluster.proxy.url, cluster.nodes(), lab.renewal)
  const logins = await seedEverywhere(cluster, mode, labUserIds(0, schedule.users))
  const before = await surveyHoldings(target, credentialsOf(logins))
  const driven = await driveFailure(lab, target, mode, fault, seed, schedule, logins, signal)
  const after = await surveyHoldings(target, credentialsOf(logins))
  const begunAfter = await surveyHoldings(target, driven.begun)
  const written = await readWritten(target, driven.side.writers)
  return assemble(mode, fault, seed, schedule, { ...driven, before, after, begunAfter, written }, target)
}

function credentialsOf(logins: readonly SeededLogin[]) {
  return logins.map(({ credential }) => credential)
}

/** Users whom the fault, or what the entrance made of it, left without access: that they are refused is known, and no unrest. */
function outAtEnd(
  { before, after }: { before: readonly Holding[]; after: readonly Holding[] },
  { lasting }: FalseLogouts,
): ReadonlySet<string> {
  const kept = new Set(after.filter(({ acceptedBy }) => acceptedBy.length > 0).map(({ userId }) => userId))
  return new Set([...before.map(({ userId }) => userId).filter((userId) => !kept.has(userId)), ...lasting])
}

function assemble(
  mode: Mode,
  fault: Fault,
  seed: number,
  schedule: FailureSchedule,
  run: Driven & {
    before: readonly Holding[]
    after: readonly Holding[]
    begunAfter: readonly Holding[]
    written: readonly Written[]
  },
  target: Target,
): { run: FailureRun; history: HistoryLine[] } {
  const lostHolders = usersHeldOnlyBy(run.emptied, run.before)
  const judged = judgeSamples(run, mode, lostHolders)
  const survival = judgeSurvival(run.before, run.after, run.emptied, mode, fault.voidsLogins)
  const falseLogouts = findFalseLogouts(judged, run.after, run)
  const nodes = target.nodes.map(({ id }) => id)
  const failure: FailureRun = {
    mode: mode.name,
    fault: fault.name,
    summary: fault.summary,
    seed,
    ratePerS: schedule.ratePerS,
    durationMs: schedule.durationMs,
    faultAtMs: (run.faultUs - run.startUs) / 1000,
    healAtMs: (run.healBeganUs - run.startUs) / 1000,
    survival,
    revocation: run.probe,
    ledger: failureLedger(judged, run, mode, nodes, { survival, falseLogouts }),
    ...(run.side.outage && {
      outage: outageLedger(
        judged,
        run.side.outage,
        run.side.logins,
        nodes,
        run,
        mode.expected.lookup['logged-out'],
      ),
    }),
    ...failureMetrics(judged, run, mode, schedule, survival, outAtEnd(run, falseLogouts)),
  }
  return { run: failure, history: toHistory(judged, run.startUs, mode.name) }
}

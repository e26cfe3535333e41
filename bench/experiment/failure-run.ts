import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from '#bench/chaos/fault.ts'
import { type Holding, judgeSurvival, usersHeldOnlyBy } from '#bench/check/survival.ts'
import type { LoadPlan, Sample } from '#bench/load/plan.ts'
import { createRandom, type Random } from '#bench/workload/random.ts'
import { monotonicUs } from '#contract/clock.ts'
import { labUserId } from '#contract/lab.ts'
import type { Mode } from '#contract/modes.ts'
import type { FailureRun, RevocationProbe, TimelineEvent } from '#contract/result.ts'
import { stillinTarget, type Target } from '#contract/target.ts'
import { failureMetrics } from './failure-metrics.ts'
import { judgeSamples } from './judge-samples.ts'
import type { Lab } from './lab.ts'
import { readProxyEvents, toTimelineEvents } from './proxy-events.ts'
import { probeRevocation } from './revocation-probe.ts'
import { type SeededLogin, seedEverywhere } from './seeding.ts'
import { surveyHoldings } from './survey.ts'
import { whenWhole } from './when-whole.ts'

/** When what happens in a failure run, ms from its start, and how hard it is driven. */
export interface FailureSchedule {
  faultAtMs: number
  healAtMs: number
  durationMs: number
  ratePerS: number
  /** Users under load; the logout probes come on top. */
  users: number
  probes: number
  probeLifetimeS: number
  connections: number
}

/** About 12 s: long enough for a 5 s token to expire, for active checks to notice, and for the node to come back. */
export const DEFAULT_FAILURE_SCHEDULE: FailureSchedule = {
  faultAtMs: 5_500,
  healAtMs: 7_500,
  durationMs: 12_000,
  ratePerS: 300,
  users: 300,
  probes: 12,
  probeLifetimeS: 5,
  connections: 32,
}

const REQUEST_TIMEOUT_MS = 2_000
const PROBE_INTERVAL_MS = 20
/** Expiry is checked to the second; the watching goes on a little longer. */
const PROBE_GRACE_MS = 1_500

/** Drives one mode at a steady rate, breaks one part, heals it, and says who is still in. The cluster must be whole. */
export async function runFailure(
  lab: Lab,
  mode: Mode,
  fault: Fault,
  seed: number,
  schedule: FailureSchedule,
  signal: AbortSignal,
): Promise<FailureRun> {
  const { cluster } = lab
  await whenWhole(cluster, signal)
  await cluster.setMode(mode.name)
  const target = stillinTarget(mode, cluster.proxy.url, cluster.nodes())
  const logins = await seedEverywhere(cluster, mode, userIds(0, schedule.users))
  const before = await surveyHoldings(target, credentialsOf(logins))
  const driven = await drive(lab, target, mode, fault, seed, schedule, logins, signal)
  const after = await surveyHoldings(target, credentialsOf(logins))
  return assemble(mode, fault, seed, schedule, { ...driven, before, after })
}

function userIds(from: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => labUserId(from + index))
}

function credentialsOf(logins: readonly SeededLogin[]) {
  return logins.map(({ credential }) => credential)
}

/** What a driven run leaves: every request, when the fault came and went, and what proxy and probes saw. */
export interface Driven {
  samples: readonly Sample[]
  startUs: number
  faultUs: number
  healUs: number
  part: string
  events: readonly TimelineEvent[]
  probe: RevocationProbe
}

async function drive(
  lab: Lab,
  target: Target,
  mode: Mode,
  fault: Fault,
  seed: number,
  schedule: FailureSchedule,
  logins: readonly SeededLogin[],
  signal: AbortSignal,
): Promise<Driven> {
  const random = createRandom(seed)
  const samples: Sample[] = []
  const started = Promise.withResolvers<number>()
  const load = lab.generator.run(
    planLoad(target, mode, schedule, logins, seed),
    {
      onEdge: (edge, atUs) => edge === 'start' && started.resolve(atUs),
      onSamples: (batch) => samples.push(...batch),
    },
    signal,
  )
  load.catch(started.reject)
  const startUs = await started.promise
  const probe = probeLogouts(lab, target, mode, random, schedule)
  const hit = breakAndHeal(lab, fault, () => random.next(), schedule, startUs, signal)
  const [, probed, { part, faultUs, healUs }] = await Promise.all([load, probe, hit])
  const proxyEvents = await readProxyEvents(lab.cluster)
  return {
    samples,
    startUs,
    faultUs,
    healUs,
    part,
    probe: probed,
    events: toTimelineEvents(proxyEvents, startUs),
  }
}

/** Logs fresh users in and out at once, in an order that has nothing to do with the nodes they are on. */
async function probeLogouts(
  lab: Lab,
  target: Target,
  mode: Mode,
  random: Random,
  schedule: FailureSchedule,
): Promise<RevocationProbe> {
  const users = userIds(schedule.users, schedule.probes)
  const logins = await seedEverywhere(lab.cluster, mode, users, schedule.probeLifetimeS)
  return probeRevocation(target, credentialsOf(random.fork('probes').shuffle(logins)), {
    credentialLifetimeS: schedule.probeLifetimeS,
    watchMs: schedule.probeLifetimeS * 1000 + PROBE_GRACE_MS,
    intervalMs: PROBE_INTERVAL_MS,
  })
}

function planLoad(
  target: Target,
  mode: Mode,
  schedule: FailureSchedule,
  logins: readonly SeededLogin[],
  seed: number,
): LoadPlan {
  return {
    kind: 'open',
    urls: [target.url],
    request: target.requests.lookup,
    clients: logins.map(({ credential }) => ({
      userId: credential.userId,
      headers: { ...credential.headers },
      expectation: mode.expected.lookup.live,
    })),
    userMember: target.userMember,
    connections: schedule.connections,
    leadMs: 200,
    windowMs: schedule.durationMs,
    tailMs: 0,
    ratePerS: schedule.ratePerS,
    arrivals: 'poisson',
    seed,
    timeoutMs: REQUEST_TIMEOUT_MS,
    keepSamples: true,
    followCookies: true,
  }
}

async function breakAndHeal(
  lab: Lab,
  fault: Fault,
  chance: () => number,
  schedule: FailureSchedule,
  startUs: number,
  signal: AbortSignal,
) {
  const until = (atMs: number) =>
    sleep(Math.max(0, (startUs - monotonicUs()) / 1000 + atMs), undefined, { signal })
  await until(schedule.faultAtMs)
  const faultUs = monotonicUs()
  await using injected = await fault.inject(lab.cluster, chance)
  await until(schedule.healAtMs)
  const healUs = monotonicUs()
  await injected[Symbol.asyncDispose]()
  return { part: injected.part, faultUs, healUs }
}

function assemble(
  mode: Mode,
  fault: Fault,
  seed: number,
  schedule: FailureSchedule,
  run: Driven & { before: readonly Holding[]; after: readonly Holding[] },
): FailureRun {
  const lostHolders = usersHeldOnlyBy(run.part, run.before)
  const judged = judgeSamples(run, mode, lostHolders)
  const survival = judgeSurvival(run.before, run.after, run.part, mode)
  return {
    mode: mode.name,
    fault: fault.name,
    seed,
    ratePerS: schedule.ratePerS,
    durationMs: schedule.durationMs,
    faultAtMs: (run.faultUs - run.startUs) / 1000,
    healAtMs: (run.healUs - run.startUs) / 1000,
    survival,
    revocation: run.probe,
    ...failureMetrics(judged, run, mode, schedule, survival),
  }
}

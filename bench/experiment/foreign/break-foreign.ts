import { FAULTS } from '#bench/chaos/fault-table.ts'
import { measureRecovery } from '#bench/chaos/recovery.ts'
import { binTimeline } from '#bench/chaos/timeline.ts'
import { findFalseLogouts } from '#bench/check/user-story.ts'
import type { LoadPlan, Sample } from '#bench/load/plan.ts'
import { createRandom } from '#bench/workload/random.ts'
import { type ForeignCluster, foreignCluster } from '#cluster/attach/foreign-cluster.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import type { ForeignFailure, ForeignFault, ForeignService } from '#contract/foreign.ts'
import type { Credential } from '#contract/node-admin.ts'
import { emptyOutcomeCounts, type Outcome, type OutcomeCounts } from '#contract/outcomes.ts'
import type { TimelineEvent } from '#contract/result.ts'
import { type Broken, breakAndHeal } from '../failures/break-and-heal.ts'
import type { FailureSchedule } from '../failures/failure-schedule.ts'
import { openGenerator } from '../lab/open-generator.ts'
import type { Progress } from '../progress.ts'
import { foreignPlan } from './foreign-plan.ts'
import { foreignFailureSentences } from './foreign-sentences.ts'
import { type ForeignRun, recordForeign } from './record-foreign.ts'
import { signInMany } from './sign-in.ts'
import { demandTelling, type Standing, whoIsIn } from './still-in.ts'
import { survivalOf } from './survival-of.ts'

/** People under load, where the file has so many: as with a cluster of ours. */
const USERS_MAX = 300

/** Outcomes of answers to a lookup, right or wrong. */
const TELLING: readonly Outcome[] = ['ok', 'unexpected_401', 'wrong_user']

/** Loads the service with lookups, breaks one node on time, heals it, and asks for every login before and after. */
export async function breakForeign(
  run: ForeignRun,
  faultName: ForeignFault,
  schedule: Pick<FailureSchedule, 'faultAtMs' | 'healAtMs' | 'durationMs' | 'ratePerS' | 'connections'>,
  progress: Progress,
  signal: AbortSignal,
): Promise<{ result: ForeignFailure; requests: readonly Sample[] }> {
  const { service, seed } = run
  const { target } = service
  const cluster = foreignCluster(service)
  demandCommands(cluster, service, faultName)
  await using stack = new AsyncDisposableStack()
  const generator = await openGenerator(stack, signal)
  const count = Math.min(USERS_MAX, service.users.length)
  progress.update(`${service.name}: ${count} logins`)
  const credentials = (await signInMany(service, count, 0, signal)).map(({ credential }) => credential)
  await demandTelling(target, credentials[0] as Credential)
  progress.update(`${service.name}: who is in`)
  const before = await whoIsIn(target, credentials)
  progress.update(`${service.name}: ${faultName}`, schedule.durationMs / 1000)
  const samples: Sample[] = []
  const plan: LoadPlan = {
    ...foreignPlan(service, credentials, schedule, seed),
    leadMs: 200,
    windowMs: schedule.durationMs,
    keepSamples: true,
    followCookies: true,
  }
  const started = Promise.withResolvers<number>()
  const load = generator.run(
    plan,
    {
      onEdge: (edge, atUs) => edge === 'start' && started.resolve(atUs),
      onSamples: (batch) => samples.push(...batch),
    },
    signal,
  )
  load.catch(started.reject)
  const startUs = await started.promise
  const random = createRandom(seed)
  const hit = breakAndHeal(
    { cluster },
    undefined,
    FAULTS[faultName],
    () => random.next(),
    schedule,
    startUs,
    signal,
    () => {},
  )
  // The healing above all must have ended before anybody is told that something failed.
  await Promise.allSettled([load, hit])
  const [, broken] = await Promise.all([load, hit])
  progress.update(`${service.name}: who is still in`)
  const after = await whoIsIn(target, credentials)
  const seen = { before, after, samples, startUs, broken }
  const result = await assemble(run, faultName, schedule, seen)
  return { result, requests: samples.map((sample) => fromStart(sample, startUs)) }
}

function demandCommands(cluster: ForeignCluster, { name }: ForeignService, fault: ForeignFault): void {
  const needed = fault === 'kill-node' ? (['kill'] as const) : (['pause', 'resume'] as const)
  const lacking = needed.map((action) => cluster.lacks(action)).find((text) => text !== undefined)
  if (lacking === undefined) return
  throw new StillinError(`${fault} cannot be done to ${name}: ${lacking}`, { exitCode: EXIT.usage })
}

interface Seen {
  before: readonly Standing[]
  after: readonly Standing[]
  samples: readonly Sample[]
  startUs: number
  broken: Broken
}

async function assemble(
  run: ForeignRun,
  fault: ForeignFault,
  schedule: Pick<FailureSchedule, 'durationMs' | 'ratePerS'>,
  { before, after, samples, startUs, broken }: Seen,
): Promise<ForeignFailure> {
  const { faultUs, healBeganUs, part, emptied } = broken
  const { durationMs, ratePerS } = schedule
  const { target } = run.service
  const recovery = measureRecovery(samples, {
    startUs,
    faultUs,
    endUs: startUs + durationMs * 1000,
    ratePerS,
  })
  const falseLogouts = findFalseLogouts(samples, after, broken)
  const failed = samples.filter(({ dueUs, outcome }) => dueUs >= faultUs && !TELLING.includes(outcome))
  const figures = {
    kind: 'foreign-chaos',
    fault,
    part,
    ratePerS,
    durationMs,
    faultAtMs: (faultUs - startUs) / 1000,
    healAtMs: (healBeganUs - startUs) / 1000,
    logins: {
      tried: before.length,
      acceptedNowhere: before.filter(({ acceptedBy }) => acceptedBy.length === 0).length,
    },
    surveyed: target.nodes.length > 0 ? 'nodes' : 'entrance',
    survival: survivalOf(before, after, emptied),
    falseLogouts: { users: falseLogouts.users.size, lasting: falseLogouts.lasting.size },
    outcomes: count(samples),
    before: count(samples.filter(({ dueUs }) => dueUs < faultUs)),
    failed: {
      count: failed.length,
      lastMs: failed.length === 0 ? null : (Math.max(...failed.map(({ dueUs }) => dueUs)) - faultUs) / 1000,
    },
    availability: recovery.availability,
    recoverMs: recovery.recoverMs,
    bins: binTimeline(samples, startUs, durationMs),
    events: eventsOf(broken, startUs),
  } as const
  const told = await recordForeign(run)
  return { ...told, ...figures, sentences: foreignFailureSentences({ ...told, ...figures }) }
}

/** On the run's own clock; what never happened stays 0. */
function fromStart(sample: Sample, startUs: number): Sample {
  const { dueUs, sentUs, firstByteUs, doneUs } = sample
  const shifted = (atUs: number): number => (atUs === 0 ? 0 : atUs - startUs)
  return {
    ...sample,
    dueUs: dueUs - startUs,
    sentUs: shifted(sentUs),
    firstByteUs: shifted(firstByteUs),
    doneUs: shifted(doneUs),
  }
}

function eventsOf({ part, faultUs, healBeganUs, healUs }: Broken, startUs: number): TimelineEvent[] {
  const event = (atUs: number, kind: string): TimelineEvent => ({
    atMs: (atUs - startUs) / 1000,
    source: 'harness',
    kind,
    part,
  })
  return [event(faultUs, 'fault'), event(healBeganUs, 'heal'), event(healUs, 'healed')]
}

function count(samples: readonly Sample[]): OutcomeCounts {
  const counts = emptyOutcomeCounts()
  for (const { outcome } of samples) counts[outcome] += 1
  return counts
}

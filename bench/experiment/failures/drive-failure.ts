import type { Fault, InjectedFault } from '#bench/chaos/fault.ts'
import type { LoadPlan, Sample } from '#bench/load/plan.ts'
import { createRandom, type Random } from '#bench/workload/random.ts'
import { labUserIds } from '#contract/lab.ts'
import type { Mode } from '#contract/modes.ts'
import type { Credential } from '#contract/node-admin.ts'
import type { RevocationProbe, TimelineEvent } from '#contract/result.ts'
import type { Target } from '#contract/target.ts'
import type { Lab } from '../lab/lab.ts'
import { type SeededLogin, seedEverywhere } from '../lab/seeding.ts'
import { breakAndHeal } from './break-and-heal.ts'
import type { FailureSchedule } from './failure-schedule.ts'
import { readProxyEvents, toNodeEvents, toTimelineEvents } from './proxy-events.ts'
import { probeRevocation } from './revocation-probe.ts'
import { openSideProbes, type SideEvidence } from './side-probes/side-probes.ts'

const REQUEST_TIMEOUT_MS = 2_000
/** Expiry is checked to the second; the watching goes on a little longer. */
const PROBE_GRACE_MS = 1_500

/** What a driven run leaves: every request, when the fault came and went, and what proxy and probes saw. */
export interface Driven {
  samples: readonly Sample[]
  startUs: number
  faultUs: number
  /** When the healing began, and when it was done. */
  healBeganUs: number
  healUs: number
  part: string
  steps: InjectedFault['steps']
  voidsLogins: boolean
  detail: string | undefined
  hits: Fault['hits']
  /** Nodes whose memory was lost. */
  emptied: readonly string[]
  joined: InjectedFault['joined']
  begun: readonly Credential[]
  events: readonly TimelineEvent[]
  probe: RevocationProbe
  side: SideEvidence
}

/** Loads the cluster, logs probes out, breaks one part on time and heals it. The fault is healed whatever happens. */
export async function driveFailure(
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
  const sideProbes = await openSideProbes(lab, target, mode, schedule)
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
  const over = new AbortController()
  const side = sideProbes.run(AbortSignal.any([over.signal, signal]))
  const hit = breakAndHeal(
    lab,
    mode.name,
    fault,
    () => random.next(),
    schedule,
    startUs,
    signal,
    (injected) => {
      if (injected.forged !== undefined) sideProbes.forge(injected.forged)
    },
  )
  void load.finally(() => over.abort()).catch(() => {})
  // All of them must have ended, the healing above all, before anybody is told that one of them failed.
  await Promise.allSettled([load, probe, hit, side])
  const [, probed, broken, seen] = await Promise.all([load, probe, hit, side])
  const proxyEvents = await readProxyEvents(lab.cluster)
  return {
    samples,
    startUs,
    ...broken,
    probe: probed,
    side: seen,
    events: [...toTimelineEvents(proxyEvents, startUs), ...toNodeEvents(lab.partEvents ?? [], startUs)],
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
  const users = labUserIds(schedule.users, schedule.probes)
  const logins = await seedEverywhere(lab.cluster, mode, users, schedule.probeLifetimeS)
  return probeRevocation(target, random.fork('probes').shuffle(logins.map(({ credential }) => credential)), {
    credentialLifetimeS: schedule.probeLifetimeS,
    watchMs: schedule.probeLifetimeS * 1000 + PROBE_GRACE_MS,
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

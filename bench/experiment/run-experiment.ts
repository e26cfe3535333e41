import { currentLoad } from '#bench/measure/environment.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import type { HistoryLine } from '#contract/history.ts'
import { REFRESH_HOMES } from '#contract/renewal.ts'
import type { RunConfiguration, RunResult, SelfCheck } from '#contract/result.ts'
import { type BenchSettings, visitSeconds } from './costs/bench-settings.ts'
import { besideK6, besideSentences } from './costs/beside-k6.ts'
import { type CostEvidence, measureCosts } from './costs/measure-costs.ts'
import { demandUsers } from './failures/demand-users.ts'
import type { FailureSchedule } from './failures/failure-schedule.ts'
import {
  checkFailures,
  type FailureEvidence,
  failureSeconds,
  measureFailures,
} from './failures/measure-failures.ts'
import { faultNames, faultOf, hitsStore, type WantedFault } from './failures/wanted-fault.ts'
import { finishRun } from './finish-run.ts'
import type { Lab, LabOptions } from './lab/lab.ts'
import { type LabSeat, openLabSeat } from './lab/lab-seat.ts'
import { preloadSeconds } from './lab/preload.ts'
import { verifierWords } from './lab/verifier-words.ts'
import { createSchedule, type Progress, type Schedule } from './progress.ts'
import { renewalWords } from './renewals/renewal-words.ts'
import { renewedModes } from './renewals/renewed-modes.ts'
import { untilInterrupted } from './until-interrupted.ts'

/** What an experiment shall find out: the cost of each mode, what a fault does to it, or both. */
export interface Experiment {
  kind: RunResult['kind']
  lab: LabOptions
  seed: number
  /** The command line that runs it again. */
  command: string
  /** What was left out before it began, and why. */
  leftOut?: readonly string[]
  costs: (BenchSettings & { users: number }) | undefined
  /** The k6 to put beside the open loop when the costs are measured. */
  k6?: string | undefined
  failures: { fault: WantedFault; schedule: FailureSchedule; repeat: number } | undefined
}

/**
 * Runs it on a cluster of its own. Interrupted in the middle of its measurements, it returns what was measured so far,
 * marked so; interrupted before there was anything, it throws the signal's reason. Everything is stopped either way.
 */
export async function runExperiment(
  experiment: Experiment,
  progress: Progress,
  signal: AbortSignal,
): Promise<{ result: RunResult; history: readonly HistoryLine[] }> {
  demandFault(experiment)
  const { failures: wanted } = experiment
  if (wanted && experiment.lab.cluster === undefined) demandUsers(experiment.lab.users, wanted.schedule)
  if (experiment.lab.cluster !== undefined) demandOneStack(experiment)
  const startedAt = new Date()
  const loadBefore = currentLoad()
  await using seat = await openLabSeat(experiment.lab, progress, signal)
  if (wanted) demandUsers(seat.lab.users, wanted.schedule)
  const schedule = createSchedule(progress, plannedSeconds(experiment, seat.lab))
  const costs = await runCosts(experiment, seat, schedule, signal)
  const { lab } = seat
  const beside = await runBeside(experiment, lab, costs, schedule, signal)
  const failures = await runFailures(experiment, lab, schedule, signal)
  schedule.begin('writing down')
  const result = await finishRun(lab, {
    kind: experiment.kind,
    startedAt,
    loadBefore,
    seed: experiment.seed,
    command: experiment.command,
    configuration: describeConfiguration(experiment, lab, costs),
    ...costs,
    failures: failures.runs,
    checks: [...(costs?.checks ?? []), ...beside, ...checkFailures(failures.runs)],
    leftOut: [...(experiment.leftOut ?? []), ...lab.leftOut, ...(costs?.leftOut ?? [])],
    interrupted: signal.aborted,
  })
  const sentences = [...result.sentences, ...besideSentences(beside)]
  return { result: { ...result, sentences }, history: failures.history }
}

/** Who did not start a cluster does not start it anew. */
function demandOneStack({ costs }: Experiment): void {
  if ((costs?.stacks ?? 1) === 1) return
  throw new StillinError('--thorough starts the whole stack anew, which --cluster rules out', {
    exitCode: EXIT.usage,
  })
}

/** What stands in Redis's place is nobody's to kill, pause or cut off. */
function demandFault({ lab: { store = 'redis' }, failures }: Experiment): void {
  if (!failures || store === 'redis' || !hitsStore(failures.fault)) return
  throw new StillinError(
    `${faultNames(failures.fault).join(', ')}: done to Redis, and --store ${store} takes its place`,
    {
      exitCode: EXIT.usage,
    },
  )
}

async function runCosts(
  { costs }: Experiment,
  seat: LabSeat,
  schedule: Schedule,
  signal: AbortSignal,
): Promise<CostEvidence | undefined> {
  return costs ? await measureCosts(seat, seat.lab.modes, costs, schedule, signal) : undefined
}

/** k6 beside the open loop, where it is asked for and the costs were measured to their end. */
async function runBeside(
  { costs, k6 }: Experiment,
  lab: Lab,
  evidence: CostEvidence | undefined,
  schedule: Schedule,
  signal: AbortSignal,
): Promise<readonly SelfCheck[]> {
  let checks: readonly SelfCheck[] = []
  if (!costs || !evidence || k6 === undefined || signal.aborted) return checks
  const settings = { ...costs, ratePerS: evidence.ratePerS }
  await untilInterrupted(signal, async () => {
    checks = await besideK6(lab, k6, lab.modes, settings, schedule, signal)
  })
  return checks
}

async function runFailures(
  experiment: Experiment,
  lab: Lab,
  schedule: Schedule,
  signal: AbortSignal,
): Promise<FailureEvidence> {
  const { failures, seed } = experiment
  if (!failures) return { runs: [], history: [] }
  const settings = { seed, failure: failures.schedule, repeat: failures.repeat }
  return await measureFailures(lab, lab.modes, faultOf(failures.fault), settings, schedule, signal)
}

function plannedSeconds({ costs, failures }: Experiment, lab: Lab): number {
  const arms = renewedModes(lab.modes, costs?.renewals ?? [lab.renewal]).length + 1
  const refreshes = costs?.renewals?.includes('pair') ? lab.modes.length * REFRESH_HOMES.length : 0
  // A refresh has one window where an arm has two.
  const visits = arms + 1 + refreshes / 2
  const costS = costs
    ? (costs.stacks ?? 1) * ((arms * costs.warmUpMaxMs) / 1000 + preloadSeconds(lab.modes, costs.sessions)) +
      costs.rounds * visits * visitSeconds(costs)
    : 0
  const failureS = failures ? failures.repeat * lab.modes.length * failureSeconds(failures.schedule) : 0
  return costS + failureS
}

/** What was asked for, as a result says it. */
export function describeConfiguration(
  { costs, failures }: Pick<Experiment, 'costs' | 'failures'>,
  lab: Lab,
  evidence: CostEvidence | undefined,
): RunConfiguration {
  const { options } = lab
  return {
    ...(options.cluster === undefined ? {} : { cluster: options.cluster }),
    modes: lab.modes,
    nodes: options.nodes,
    via: costs?.via ?? 'proxy',
    forwarder: options.forwarder,
    connections: costs?.connections ?? failures?.schedule.connections ?? 0,
    rounds: costs?.rounds ?? 0,
    windowMs: costs?.windowMs ?? 0,
    ratePerS: evidence?.ratePerS ?? null,
    users: options.users,
    store: options.store ?? 'redis',
    jwtAlgorithm: options.jwtAlgorithm,
    sessionReader: options.sessionReader ?? 'fastify-session',
    jwtVerifier: verifierWords(options),
    ...renewalWords(options, costs?.renewals),
    ...(options.outage === undefined || options.outage === 'closed' ? {} : { outage: options.outage }),
    plant: options.plant ?? null,
    ...(costs?.payloadBytes ? { payloadBytes: costs.payloadBytes } : {}),
    ...(costs?.sessions ? { sessions: costs.sessions } : {}),
    ...(options.redisRttMs === undefined ? {} : { redisRttMs: options.redisRttMs }),
    ...(costs?.mix ? { mix: costs.mix } : {}),
    ...((costs?.stacks ?? 1) > 1 ? { stacks: costs?.stacks ?? 1 } : {}),
  }
}

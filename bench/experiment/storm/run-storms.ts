import { availableParallelism } from 'node:os'
import { cgroupCpuLimit, currentLoad } from '#bench/measure/environment.ts'
import { formatCount } from '#bench/report/numbers.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import { MODES, type ModeName } from '#contract/modes.ts'
import type { RunResult, SelfCheck, StormRun, StormSize } from '#contract/result.ts'
import { finishRun } from '../finish-run.ts'
import { type Lab, type LabOptions, openLab } from '../lab/lab.ts'
import type { Progress } from '../progress.ts'
import { describeConfiguration } from '../run-experiment.ts'
import { untilInterrupted } from '../until-interrupted.ts'
import { projectedMs, projectStorm } from './project-storm.ts'
import { type BareStorm, runStorm } from './run-storm.ts'
import {
  demandStormUsers,
  hasPilot,
  LIFETIME_MARGIN_S,
  PILOT_USERS,
  type StormPlan,
  stormLimitMs,
  stormSeconds,
} from './storm-plan.ts'
import { wipeOf, wipeOutOfReach } from './wipe.ts'

const REMOTE_FIX =
  'The cluster was started with them: start it with more (stillin up --users, STILLIN_USERS), or name a smaller storm.'

export interface StormsOptions {
  lab: LabOptions
  plan: StormPlan
  /** What the storms are projected for beside. */
  sizes: readonly StormSize[]
  command: string
}

/** Loses every login of each mode at once, and times how long it takes until everybody is in again. */
export async function runStorms(
  { lab: options, plan, sizes, command }: StormsOptions,
  progress: Progress,
  signal: AbortSignal,
): Promise<RunResult> {
  const isOurs = options.cluster === undefined
  if (isOurs)
    demandStormUsers(options.users, plan.users, 'Leave --users out, and there are as many as it takes.')
  const startedAt = new Date()
  const loadBefore = currentLoad()
  await using lab = await openLab(isOurs ? lastingLab(options, plan) : options, progress, signal)
  const cores = Math.min(availableParallelism(), (await cgroupCpuLimit()) ?? Number.POSITIVE_INFINITY)
  demandStormUsers(lab.users, plan.users, REMOTE_FIX)
  const whyNot = (name: ModeName): string | undefined =>
    wipeOf(MODES[name]) === undefined
      ? 'nothing ends all its logins at once'
      : wipeOutOfReach(lab.cluster, MODES[name])
  const modes = lab.modes.filter((name) => whyNot(name) === undefined)
  const leftOut = lab.modes
    .filter((name) => !modes.includes(name))
    .map((name) => `${name}: left out, since ${whyNot(name)}.`)
  if (modes.length === 0)
    throw new StillinError('no mode is left to run', { exitCode: EXIT.unavailable, hint: leftOut.join(' ') })
  progress.note(announce(plan, modes, cores))
  const storms: StormRun[] = []
  for (const [index, name] of modes.entries()) {
    await untilInterrupted(signal, async () => {
      signal.throwIfAborted()
      const later = (modes.length - index - 1) * stormSeconds(plan.users, cores)
      const run = (what: StormPlan) => oneStorm(lab, name, what, { later, cores }, progress, signal)
      const pilot = hasPilot(plan.users) ? await run(pilotOf(plan)) : undefined
      const storm = await run(plan)
      storms.push(withProjections(storm, pilot ?? storm, sizes, isOurs ? cores : null))
    })
  }
  const result = await finishRun(lab, {
    kind: 'chaos',
    startedAt,
    loadBefore,
    seed: plan.seed,
    command,
    configuration: describeConfiguration({ costs: undefined, failures: undefined }, lab, undefined),
    checks: storms.flatMap(checkStorm),
    leftOut: [...lab.leftOut, ...leftOut],
    interrupted: signal.aborted,
  })
  return { ...result, storms }
}

/** Whoever is in before the storm is to be in when it ends. */
function lastingLab(options: LabOptions, { limitMs }: StormPlan): LabOptions {
  const lifetimeS = Math.ceil(limitMs / 1000) + LIFETIME_MARGIN_S
  return {
    ...options,
    nodeEnvironment: { STILLIN_LIFETIME_S: String(lifetimeS), ...options.nodeEnvironment },
  }
}

function pilotOf(plan: StormPlan): StormPlan {
  return { ...plan, users: PILOT_USERS, limitMs: stormLimitMs(PILOT_USERS) }
}

async function oneStorm(
  lab: Lab,
  name: ModeName,
  plan: StormPlan,
  { later, cores }: { later: number; cores: number },
  progress: Progress,
  signal: AbortSignal,
): Promise<BareStorm> {
  const { users, limitMs } = plan
  const title = `storm of ${users}: ${name}`
  progress.update(title, Math.round(later + stormSeconds(users, cores)))
  let startMs = 0
  const onBack = (count: number): void => {
    startMs ||= performance.now()
    const passedMs = performance.now() - startMs
    const leftMs = Math.min(limitMs - passedMs, (passedMs / count) * (users - count))
    progress.update(`${title}: ${count} in again`, Math.max(0, Math.round(leftMs / 1000 + later)))
  }
  return await runStorm(lab, MODES[name], plan, onBack, signal)
}

function announce({ users, limitMs }: StormPlan, modes: readonly ModeName[], cores: number): string {
  const minutes = Math.ceil((modes.length * stormSeconds(users, cores)) / 60)
  return `storms of ${formatCount(users)} users in ${modes.length === 1 ? '1 mode' : `${modes.length} modes`}: about ${minutes} min on ${cores} cores, at 15 ms of CPU a password; nobody is waited for longer than ${limitMs / 1000} s`
}

function withProjections(
  storm: BareStorm,
  from: BareStorm,
  sizes: readonly StormSize[],
  cores: number | null,
): StormRun {
  const projection = cores === null ? null : projectStorm(from, storm, cores)
  const projected = sizes.map((size) => ({ ...size, allBackMs: projectedMs(storm, size) }))
  return { ...storm, course: { ...storm.course, projection, projected } }
}

function checkStorm({ mode, neverOut, neverBack, users, course }: StormRun): SelfCheck[] {
  const unsent = course?.failedTries['unsent'] ?? 0
  return [
    {
      name: 'everybody was out',
      arm: mode,
      ok: neverOut === 0,
      detail: `${neverOut} of ${users} were never out`,
      voids: 'run',
    },
    {
      name: 'this machine let every try leave',
      arm: mode,
      ok: unsent === 0,
      detail: `${unsent} tries found no port or no file descriptor`,
      voids: 'run',
    },
    {
      name: 'everybody came back',
      arm: mode,
      ok: neverBack === 0,
      detail: `${neverBack} of ${users} were not in again within ${(course?.limitMs ?? 0) / 1000} s`,
      voids: 'nothing',
    },
  ]
}

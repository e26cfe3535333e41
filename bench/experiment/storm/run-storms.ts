import { currentLoad } from '#bench/measure/environment.ts'
import { createRandom } from '#bench/workload/random.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import { labUserIds } from '#contract/lab.ts'
import { MODES, type Mode } from '#contract/modes.ts'
import type { NodeUsage } from '#contract/node-admin.ts'
import type { RunResult, StormRun } from '#contract/result.ts'
import { ADMIN_ROUTES } from '#contract/routes.ts'
import { stillinTarget } from '#contract/target.ts'
import { whenWhole } from '../failures/when-whole.ts'
import { finishRun } from '../finish-run.ts'
import { askAdmin } from '../lab/admin-client.ts'
import { type Lab, type LabOptions, openLab } from '../lab/lab.ts'
import { seedEverywhere } from '../lab/seeding.ts'
import type { Progress } from '../progress.ts'
import { describeConfiguration } from '../run-experiment.ts'
import { returnUsers } from './return-users.ts'
import { wipe, wipeOf } from './wipe.ts'

const LIMIT_MS = 120_000

/** Loses every login of each mode at once, and times how long it takes until everybody is in again. */
export async function runStorms(
  options: { lab: LabOptions; users: number; seed: number; command: string },
  progress: Progress,
  signal: AbortSignal,
): Promise<RunResult> {
  const { users, seed, command } = options
  if (options.lab.users < users) {
    throw new StillinError(`a storm of ${users} needs as many users (--users), not ${options.lab.users}`, {
      exitCode: EXIT.usage,
    })
  }
  const startedAt = new Date()
  const loadBefore = currentLoad()
  await using lab = await openLab(options.lab, progress, signal)
  const leftOut: string[] = []
  const storms: StormRun[] = []
  for (const name of lab.modes) {
    const mode = MODES[name]
    progress.update(`storm: ${name}`)
    if (wipeOf(mode) === undefined)
      leftOut.push(`${name}: left out, since nothing ends all its logins at once.`)
    else storms.push(await runStorm(lab, mode, users, seed, signal))
  }
  const result = await finishRun(lab, {
    kind: 'chaos',
    startedAt,
    loadBefore,
    seed,
    command,
    configuration: describeConfiguration({ costs: undefined, failures: undefined }, lab, undefined),
    checks: storms.map((storm) => ({
      name: 'everybody was out, and everybody came back',
      arm: storm.mode,
      ok: storm.neverBack === 0 && storm.neverOut === 0,
      detail: `${storm.neverOut} were never out, ${storm.neverBack} not back within ${LIMIT_MS / 1000} s`,
      voids: 'run',
    })),
    leftOut: [...lab.leftOut, ...leftOut],
    interrupted: signal.aborted,
  })
  return { ...result, storms }
}

async function runStorm(
  lab: Lab,
  mode: Mode,
  users: number,
  seed: number,
  signal: AbortSignal,
): Promise<StormRun> {
  const { cluster } = lab
  await whenWhole(cluster, signal)
  await cluster.setMode(mode.name)
  const target = stillinTarget(mode, cluster.proxy.url, cluster.nodes())
  const logins = await seedEverywhere(cluster, mode, labUserIds(0, users))
  await wipe(cluster, mode, signal)
  const cpuBeforeUs = await nodeCpuUs(lab)
  const startMs = performance.now()
  const returned = await returnUsers(target, logins, createRandom(seed), LIMIT_MS, signal)
  const elapsedMs = performance.now() - startMs
  const cpuUs = (await nodeCpuUs(lab)) - cpuBeforeUs
  const { backMs, neverBack, neverOut, logins: attempts } = returned
  const made = attempts.tried - attempts.failed
  return {
    mode: mode.name,
    users,
    wipe: wipeOf(mode) ?? '',
    neverOut,
    neverBack,
    loginsTried: attempts.tried,
    loginsFailed: attempts.failed,
    halfBackMs: neverBack === 0 ? (backMs[Math.floor(backMs.length / 2)] ?? null) : null,
    allBackMs: neverBack === 0 ? (backMs.at(-1) ?? null) : null,
    nodeCpuMsEach: made > 0 ? cpuUs / made / 1000 : null,
    nodeCoresUsed: cpuUs / 1000 / elapsedMs,
  }
}

/** CPU of all nodes since they started. */
async function nodeCpuUs({ cluster }: Lab): Promise<number> {
  const usages = await Promise.all(
    cluster
      .nodes()
      .map(({ adminUrl }) => askAdmin<NodeUsage>(adminUrl, cluster.adminToken, 'GET', ADMIN_ROUTES.usage)),
  )
  return usages.reduce((sum, { cpu }) => sum + cpu.userUs + cpu.systemUs, 0)
}

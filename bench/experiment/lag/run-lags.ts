import { currentLoad } from '#bench/measure/environment.ts'
import { createRandom, type Random } from '#bench/workload/random.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import { labUserIds } from '#contract/lab.ts'
import { type FaultLag, LAG_KINDS, type LagEvidence, type RevocationLag } from '#contract/lag.ts'
import { MODES } from '#contract/modes.ts'
import type { RunResult, SelfCheck } from '#contract/result.ts'
import { finishRun } from '../finish-run.ts'
import { type ClusterLab, type LabOptions, openLab } from '../lab/lab.ts'
import type { Progress } from '../progress.ts'
import { describeConfiguration } from '../run-experiment.ts'
import { untilInterrupted } from '../until-interrupted.ts'
import { lagSentences } from './lag-sentences.ts'
import { measureLag } from './measure-lag.ts'
import { boundOf } from './promise-of.ts'
import { type FaultLagsOptions, faultLagCells, faultLagUsers, runFaultLags } from './run-fault-lags.ts'

export interface LagsOptions {
  readonly lab: LabOptions
  /** Revocations of each kind in each mode. */
  readonly probes: number
  /** Of logins whose revocation takes hold at their expiry, s. */
  readonly lifetimeS: number
  /** Draws the order of the revocations. */
  readonly seed: number
  /** Around these; undefined: around none. */
  readonly underFault: FaultLagsOptions | undefined
  /** The command that runs it again. */
  readonly command: string
}

/** How many users a run takes. */
export function lagUsers({ lab: { modes }, probes, underFault }: LagsOptions): number {
  if (underFault === undefined) return 1 + modes.length * LAG_KINDS.length * probes
  return faultLagUsers(faultLagCells(modes, underFault).cells.length, underFault.probes)
}

/** Times every kind of revocation in every mode, on one cluster; each is handed over when it is done. */
export async function runLags(
  options: LagsOptions,
  onLag: (lag: RevocationLag | FaultLag) => void,
  progress: Progress,
  signal: AbortSignal,
): Promise<RunResult> {
  const { lab: labOptions, underFault, seed, command } = options
  const { cells, leftOut: meaningless } = underFault
    ? faultLagCells(labOptions.modes, underFault)
    : { cells: [], leftOut: [] }
  demand(options, cells.length)
  const startedAt = new Date()
  const loadBefore = currentLoad()
  await using lab = await openLab(labOptions, progress, signal)
  const plain: RevocationLag[] = []
  const faulty: FaultLag[] = []
  const leftOut = [...lab.leftOut, ...meaningless]
  if (underFault === undefined) {
    const keep = (lag: RevocationLag) => {
      plain.push(lag)
      onLag(lag)
    }
    await untilInterrupted(signal, () => runPlain(lab, options, keep, progress, signal))
  } else {
    const keep = (lag: FaultLag) => {
      faulty.push(lag)
      onLag(lag)
    }
    leftOut.push(...(await runFaultLags(lab, cells, underFault, keep, progress, signal)))
  }
  const lags: LagEvidence = { plain, underFault: faulty }
  const result = await finishRun(lab, {
    kind: 'lag',
    startedAt,
    loadBefore,
    seed,
    command,
    configuration: describeConfiguration({ costs: undefined, failures: undefined }, lab, undefined),
    checks: faulty.map(checkSteady),
    leftOut,
    interrupted: signal.aborted,
  })
  return { ...result, lags, sentences: [...result.sentences, ...lagSentences(lags)] }
}

/** @throws StillinError (usage) where nothing can be timed, or there are too few users for it. */
function demand(options: LagsOptions, cells: number): void {
  const { lab, underFault } = options
  const { store = 'redis' } = lab
  const refuse = (message: string) => new StillinError(message, { exitCode: EXIT.usage })
  if (underFault && store !== 'redis')
    throw refuse(`--fault: done to a cluster with Redis, and --store ${store} takes its place`)
  if (underFault && cells === 0)
    throw refuse(`--fault: ${underFault.faults.join(', ')} has no meaning in ${lab.modes.join(', ')}`)
  const needed = lagUsers(options)
  if (lab.users < needed) throw refuse(`--users: this takes ${needed} users, not ${lab.users}`)
}

/** Without any fault. The first user is the administrator; every revocation has a user of its own. */
async function runPlain(
  { cluster, modes }: ClusterLab,
  { probes, lifetimeS, seed }: LagsOptions,
  onLag: (lag: RevocationLag) => void,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const random: Random = createRandom(seed)
  let next = 1
  for (const name of modes) {
    const mode = MODES[name]
    await cluster.setMode(name)
    for (const kind of LAG_KINDS) {
      if (signal.aborted) return
      progress.update(`${name}: ${kind}`)
      const users = labUserIds(next, probes)
      next += probes
      const plan = { mode, kind, users, lifetimeS, boundMs: boundOf(mode, kind) }
      onLag(await measureLag(cluster, { ...plan, random: random.fork(`${name} ${kind}`) }, signal))
    }
  }
}

function checkSteady({ mode, fault, steady, reason, rows }: FaultLag): SelfCheck {
  const asked = rows.reduce((sum, { ends }) => sum + Object.values(ends).reduce((a, b) => a + b, 0), 0)
  return {
    name: `${fault}: every login was accepted before the fault`,
    arm: mode,
    ok: steady,
    detail: reason ?? `${asked} logins, each by every node that the mode's table names`,
    voids: 'nothing',
  }
}

import { createRandom } from '#bench/workload/random.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import { labUserIds } from '#contract/lab.ts'
import { LAG_KINDS, type RevocationLag } from '#contract/lag.ts'
import { MODES, type Mode } from '#contract/modes.ts'
import { type LabOptions, openClusterLab } from '../lab/lab.ts'
import type { Progress } from '../progress.ts'
import { measureLag } from './measure-lag.ts'

export interface LagsOptions {
  readonly lab: LabOptions
  /** Revocations of each kind in each mode. */
  readonly probes: number
  /** Of logins whose revocation takes hold at their expiry, s. */
  readonly lifetimeS: number
  /** Draws the order of the revocations. */
  readonly seed: number
}

/** Times every kind of revocation in every mode, on one cluster; each is handed over when it is done. */
export async function runLags(
  { lab: options, probes, lifetimeS, seed }: LagsOptions,
  onLag: (lag: RevocationLag) => void,
  progress: Progress,
  signal: AbortSignal,
): Promise<{ leftOut: readonly string[] }> {
  const needed = 1 + options.modes.length * LAG_KINDS.length * probes
  if (options.users < needed)
    throw new StillinError(
      `--users: ${probes} probes in ${options.modes.length} modes take ${needed} users`,
      {
        exitCode: EXIT.usage,
      },
    )
  await using lab = await openClusterLab(options, progress, signal)
  const random = createRandom(seed)
  // The first user is the administrator; every probe has a user of its own.
  let next = 1
  for (const name of lab.modes) {
    const mode = MODES[name]
    await lab.cluster.setMode(name)
    for (const kind of LAG_KINDS) {
      if (signal.aborted) return { leftOut: lab.leftOut }
      progress.update(`${name}: ${kind}`)
      const users = labUserIds(next, probes)
      next += probes
      onLag(
        await measureLag(
          lab.cluster,
          {
            mode,
            kind,
            users,
            lifetimeS,
            boundMs: boundOf(mode, kind),
            random: random.fork(`${name} ${kind}`),
          },
          signal,
        ),
      )
    }
  }
  return { leftOut: lab.leftOut }
}

function boundOf({ revokes, boundMs }: Mode, kind: RevocationLag['kind']): number | null {
  switch (revokes[kind === 'logout' ? 'one' : 'user']) {
    case 'at-expiry':
    case 'by-chance':
    case 'never':
      return null
    default:
      return boundMs ?? 0
  }
}

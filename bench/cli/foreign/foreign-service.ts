import { readForeignFile } from '#cluster/attach/foreign-file.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import type { ForeignService } from '#contract/foreign.ts'

const ATTACH = 'attach:'

/**
 * The service that `--cluster attach:FILE` describes, where that is somebody else's; undefined: it is a cluster of ours.
 * @throws StillinError naming what is wrong in the file.
 */
export function foreignService(cluster: string | undefined): ForeignService | undefined {
  if (cluster === undefined || !cluster.startsWith(ATTACH) || cluster === ATTACH) return undefined
  return readForeignFile(cluster.slice(ATTACH.length))
}

/** @throws StillinError (usage) where a flag was given that decides about a cluster of ours. */
export function refuseOnForeign<Flags extends object>(
  flags: Flags,
  understood: readonly (keyof Flags & string)[],
): void {
  const allowed: readonly string[] = ['cluster', ...understood]
  const other = Object.entries(flags).find(([name, value]) => value !== undefined && !allowed.includes(name))
  if (other === undefined) return
  throw new StillinError(
    `--${other[0].replace(/[A-Z]/g, '-$&').toLowerCase()} has no meaning at a service that is not stillin's`,
    {
      exitCode: EXIT.usage,
      hint: `There ${understood.map((name) => `--${name.replace(/[A-Z]/g, '-$&').toLowerCase()}`).join(', ')} can be given: all else is as the service has it.`,
    },
  )
}

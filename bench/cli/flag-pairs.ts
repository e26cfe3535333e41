import { EXIT, StillinError } from '#contract/errors.ts'
import { flagName } from './settings.ts'

/** @throws StillinError (usage) where one of these was given without the flag that it belongs to. */
export function demandWith<Flags extends object>(
  flags: Flags,
  flag: keyof Flags & string,
  dependents: readonly (keyof Flags & string)[],
): void {
  const alone = flags[flag] === undefined && dependents.find((name) => flags[name] !== undefined)
  if (alone)
    throw new StillinError(`${flagName(alone)} goes with ${flagName(flag)} only`, { exitCode: EXIT.usage })
}

/** @throws StillinError (usage) where this flag was given together with one that it rules out. */
export function refuseTogether<Flags extends object>(
  flags: Flags,
  flag: keyof Flags & string,
  others: readonly (keyof Flags & string)[],
): void {
  if (flags[flag] === undefined) return
  const other = others.find((name) => flags[name] !== undefined)
  if (other === undefined) return
  throw new StillinError(`${flagName(flag)} and ${flagName(other)} contradict each other`, {
    exitCode: EXIT.usage,
  })
}

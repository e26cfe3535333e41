import type { LagKind } from '#contract/lag.ts'
import type { Guarantee, Mode } from '#contract/modes.ts'

/** When the mode's table says that this kind of revocation takes hold. */
export function promiseOf({ revokes }: Mode, kind: LagKind): Guarantee {
  return revokes[kind === 'logout' ? 'one' : 'user']
}

/** Within how many ms; null: at expiry, by chance, or never. */
export function boundOf(mode: Mode, kind: LagKind): number | null {
  switch (promiseOf(mode, kind)) {
    case 'at-expiry':
    case 'by-chance':
    case 'never':
      return null
    default:
      return mode.boundMs ?? 0
  }
}

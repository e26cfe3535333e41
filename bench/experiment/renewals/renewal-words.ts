import { LAB } from '#contract/lab.ts'
import type { Renewal } from '#contract/renewal.ts'
import type { LabOptions } from '../lab/lab.ts'

/** How logins were made to last, as a result says it; nothing where they were not renewed. */
export function renewalWords(
  { renewal = 'fixed', nodeEnvironment }: LabOptions,
  measured?: readonly Renewal[],
): { renewal?: string } {
  const ways = measured ?? [renewal]
  if (ways.every((way) => way === 'fixed')) return {}
  const { STILLIN_LIFETIME_S: lifetimeS = String(LAB.lifetimeS), STILLIN_REFRESH_S: endS } =
    nodeEnvironment ?? {}
  const end = endS === undefined ? '' : `, absolute end after ${endS} s`
  const strict = nodeEnvironment?.STILLIN_REFRESH_STRICT === '1' ? ', refreshes strict' : ''
  return { renewal: `${ways.join(' and ')}; lifetime ${lifetimeS} s${end}${strict}` }
}

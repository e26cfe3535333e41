import type { NodeEnvironment } from '#contract/environment.ts'
import type { RefreshHome, Renewal, RenewalSetting } from '#contract/renewal.ts'
import { GRACE_MS } from './refresh/refresh-families.ts'

/** How logins are made to last. */
export interface RenewalConfig {
  renewal: Renewal
  refresh: RefreshHome
  /** From the start: as above, unless it was changed since the cluster began. */
  renewalNow: Required<RenewalSetting>
  /** For this long the refresh token before the current one gets the current one again. */
  refreshGraceMs: number
}

/** Checked before, each by itself. */
export type RenewalVariables = Pick<
  NodeEnvironment,
  | 'STILLIN_RENEWAL'
  | 'STILLIN_REFRESH'
  | 'STILLIN_RENEWAL_NOW'
  | 'STILLIN_REFRESH_NOW'
  | 'STILLIN_REFRESH_STRICT'
>

/** @param refuse makes the error for variables that contradict each other. */
export function readRenewal(settings: RenewalVariables, refuse: (message: string) => Error): RenewalConfig {
  const { STILLIN_RENEWAL: renewal = 'fixed', STILLIN_REFRESH: refresh = 'store' } = settings
  const now = settings.STILLIN_RENEWAL_NOW ?? renewal
  const isStrict = settings.STILLIN_REFRESH_STRICT === '1'
  if (isStrict && refresh === 'stateless')
    throw refuse(
      'STILLIN_REFRESH_STRICT: nobody remembers a stateless refresh token; set STILLIN_REFRESH to store',
    )
  if (now === 'rolling' && renewal !== 'rolling')
    throw refuse(
      'STILLIN_RENEWAL_NOW: rolling wants STILLIN_RENEWAL=rolling, by which revocations are kept long enough',
    )
  return {
    renewal,
    refresh,
    renewalNow: { renewal: now, refresh: settings.STILLIN_REFRESH_NOW ?? refresh },
    refreshGraceMs: isStrict ? 0 : GRACE_MS,
  }
}

import type { NodeEnvironment } from '#contract/environment.ts'

/** Users that one drill takes for itself. */
export const USERS_OF_A_DRILL = 8

/** Shorter bounds and a limit, so that a drill of seconds can put them to the test. */
export const DRILL_SETTINGS = {
  /** Of the modes whose bound can be set, ms. */
  boundMs: 300,
  refreshS: 3_600,
  sessionsPerUser: 5,
} as const

/** What the nodes of a drill are told. @param renews false where there is no store for refresh tokens. */
export function drillEnvironment(renews: boolean): Partial<NodeEnvironment> {
  return {
    STILLIN_CACHE_BOUND_MS: String(DRILL_SETTINGS.boundMs),
    STILLIN_PUSHED_BOUND_MS: String(DRILL_SETTINGS.boundMs),
    STILLIN_SESSIONS_PER_USER: String(DRILL_SETTINGS.sessionsPerUser),
    STILLIN_SESSIONS_AT_LIMIT: 'end-oldest',
    STILLIN_REFRESH_S: String(DRILL_SETTINGS.refreshS),
    ...(renews && { STILLIN_RENEWAL: 'pair', STILLIN_REFRESH: 'store' }),
  }
}

import type { CredentialStrategy, Issued, LoginContext } from '../credentials/credential-strategy.ts'
import type { CheckedUser } from '../directory/login-check.ts'
import type { RefreshGrant, RefreshTokens } from './refresh-tokens.ts'

/** Where a login's credential and its refresh token are made. */
interface Makers {
  readonly strategy: CredentialStrategy
  /** Absent unless the renewal is by pair. */
  readonly refresh: RefreshTokens | undefined
}

/**
 * A new login's credential and, where the renewal is by pair, its refresh token: both, or neither. The token is first, so
 * that a session names its family from its beginning and none that can be ended has one that cannot.
 */
export async function issuePair(
  { strategy, refresh }: Makers,
  user: CheckedUser,
  context: LoginContext,
  { familyEpoch, deadlineMs }: Pick<RefreshGrant, 'familyEpoch' | 'deadlineMs'>,
): Promise<{ issued: Issued; refreshToken: string | undefined }> {
  const { nowMs: loginAtMs, epoch } = context
  const { id: userId, version } = user
  const made = await refresh?.issue({ userId, loginAtMs, deadlineMs, version, epoch, familyEpoch })
  try {
    const issued = await strategy.issue(user, { ...context, family: made?.family })
    await endFamilies(refresh, userId, issued)
    return { issued, refreshToken: made?.token }
  } catch (error) {
    // Nobody was given it, and it would take room until its end.
    if (made !== undefined) await refresh?.revoke(made.token).catch(() => undefined)
    throw error
  }
}

/** Ends the logins whose sessions a limit has ended for this one: they would come back by their refresh tokens. */
export async function endFamilies(
  refresh: RefreshTokens | undefined,
  userId: string,
  { endedFamilies = [] }: Issued,
): Promise<void> {
  for (const family of endedFamilies) await refresh?.endFamily(userId, family)
}

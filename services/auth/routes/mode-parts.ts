import type { Renewal } from '#contract/renewal.ts'
import type { Clock } from '../clock.ts'
import type { NodeConfig } from '../config.ts'
import type { CredentialStrategy } from '../credentials/credential-strategy.ts'
import type { SessionCookie } from '../credentials/session-cookie.ts'
import type { LoginCheck } from '../directory/login-check.ts'
import type { UserDirectory } from '../directory/user-directory.ts'
import type { Gates } from '../gates.ts'
import type { Inbox } from '../one-time/inbox.ts'
import type { OneTimeSecrets } from '../one-time/one-time-secrets.ts'
import type { RefreshTokens } from '../refresh/refresh-tokens.ts'
import type { LoginSeal } from '../sso/sealed-login.ts'

/** What the public routes of one mode are made of. */
export interface ModeParts {
  readonly config: NodeConfig
  readonly strategy: CredentialStrategy
  /** How logins are made to last in this application. */
  readonly renewal: Renewal
  /** Where a client of this mode carries its credential; with a cookie it needs the CSRF header. */
  readonly scheme: 'cookie' | 'bearer'
  readonly cookie: SessionCookie
  /** Absent unless the renewal is by pair. */
  readonly refresh: RefreshTokens | undefined
  /** Carries the refresh token in cookie modes. */
  readonly refreshCookie: SessionCookie
  /** Voids a user's logins in the other modes that this node has used; never rejects, and never takes long. */
  readonly revokeElsewhere: (userId: string) => Promise<'done' | 'owed'>
  readonly clock: Clock
  readonly logins: LoginCheck
  readonly directory: UserDirectory
  readonly oneTime: OneTimeSecrets
  readonly inbox: Inbox
  /** Hands logins to another service. */
  readonly seal: LoginSeal
  /** Only under NODE_ENV=test. */
  readonly gates: Gates | undefined
  /** Text of `GET /metrics` in the Prometheus format, and its content type. */
  readonly metrics: () => Promise<{ contentType: string; text: string }>
  /** Public keys as a JWK set; undefined where there are none to publish. */
  readonly publicKeys: () => Promise<object | undefined>
  readonly isDraining: () => boolean
}

import { DATA_MAX_BYTES } from '#contract/login-data.ts'
import type { ErrorBody, RefusalReason, UnavailableReason } from '#contract/reasons.ts'

interface Declaration {
  readonly status: number
  readonly error: string
  readonly message: string
  readonly reason?: UnavailableReason
}

/** Every error this node answers with: declared here once, with status, stable code and words for a human. */
export const ERRORS = {
  malformedJson: { status: 400, error: 'malformed_json', message: 'The body is not valid JSON.' },
  invalidRequest: {
    status: 400,
    error: 'invalid_request',
    message: 'The request is not of the expected form.',
  },
  unknownUser: { status: 400, error: 'unknown_user', message: 'The user directory does not know this user.' },
  lifetimeTooLong: {
    status: 400,
    error: 'lifetime_too_long',
    message:
      'No credential outlives this node’s own lifetime; start the node with a longer STILLIN_LIFETIME_S.',
  },
  unauthorized: { status: 401, error: 'unauthorized', message: 'No valid credential.' },
  invalidLogin: { status: 401, error: 'invalid_login', message: 'The user name or the password is wrong.' },
  adminUnauthorized: { status: 401, error: 'unauthorized', message: 'The admin token is missing or wrong.' },
  csrf: {
    status: 403,
    error: 'csrf_header_missing',
    message: 'A state change in a cookie mode carries the header x-csrf: 1.',
  },
  banned: { status: 403, error: 'banned', message: 'This account is banned.' },
  serviceUnauthorized: {
    status: 403,
    error: 'service_unauthorized',
    message: 'The secret of the service that asks is missing or wrong.',
  },
  notFound: { status: 404, error: 'not_found', message: 'There is nothing at this address.' },
  noPublicKeys: {
    status: 404,
    error: 'no_public_keys',
    message: 'Tokens are signed with a shared secret (HS256); there is no public key to publish.',
  },
  modeUnavailable: { status: 409, error: 'mode_unavailable', message: 'This node cannot serve that mode.' },
  renewalUnavailable: {
    status: 409,
    error: 'renewal_unavailable',
    message: 'This node was not started for that renewal.',
  },
  notReplicating: { status: 409, error: 'not_replicating', message: 'This node has no copy to share.' },
  peersNotListed: {
    status: 409,
    error: 'peers_not_listed',
    message: 'This node finds its peers by a name, or was told of none.',
  },
  keyRingUnfit: {
    status: 409,
    error: 'key_ring_unfit',
    message: 'The key ring’s file cannot be used; the keys in use stay.',
  },
  phaseConflict: {
    status: 409,
    error: 'phase_conflict',
    message: 'The phase does not fit what was prepared.',
  },
  codeRefused: { status: 403, error: 'code_refused', message: 'The code is not valid (any more).' },
  linkRefused: { status: 403, error: 'link_refused', message: 'The link is not valid (any more).' },
  accountChanged: {
    status: 409,
    error: 'account_changed',
    message: 'The account was changed while this request ran; log in again.',
  },
  sessionLimit: {
    status: 409,
    error: 'session_limit',
    message: 'You have as many logins as are allowed at a time; end one of them first.',
  },
  bodyTooLarge: {
    status: 413,
    error: 'body_too_large',
    message: 'The body is larger than this server accepts.',
  },
  dataTooLarge: {
    status: 413,
    error: 'data_too_large',
    message: `A login keeps at most ${DATA_MAX_BYTES} bytes of data, written as JSON.`,
  },
  credentialTooLarge: {
    status: 413,
    error: 'credential_too_large',
    message: 'With this data the credential would exceed 4096 bytes, which clients do not keep.',
  },
  unsupportedMediaType: {
    status: 415,
    error: 'unsupported_media_type',
    message: 'Bodies are application/json.',
  },
  throttled: { status: 429, error: 'too_many_attempts', message: 'Too many attempts; try again later.' },
  tooManyLogins: {
    status: 429,
    error: 'too_many_logins',
    message: 'This node checks as many passwords as it can; try again later.',
  },
  usersOnlineLimit: {
    status: 429,
    error: 'users_online_limit',
    message: 'As many users as are allowed at a time are logged in; try again later.',
  },
  notInThisMode: {
    status: 501,
    error: 'not_in_this_mode',
    message: 'In this mode nobody keeps what this would need.',
  },
  internal: { status: 500, error: 'internal', message: 'The server failed.' },
  storeUnavailable: {
    status: 503,
    error: 'unavailable',
    message: 'The session store does not answer.',
    reason: 'store_unavailable',
  },
  directoryUnavailable: {
    status: 503,
    error: 'unavailable',
    message: 'The user directory does not answer.',
    reason: 'store_unavailable',
  },
  stale: {
    status: 503,
    error: 'unavailable',
    message: 'This node cannot vouch for its answer: too long without word from whoever knows.',
    reason: 'stale',
  },
  memoryFull: {
    status: 503,
    error: 'unavailable',
    message: 'The session store is full.',
    reason: 'memory_full',
  },
  draining: { status: 503, error: 'draining', message: 'This node is shutting down.' },
} as const satisfies Record<string, Declaration>
export type ErrorName = keyof typeof ERRORS

export interface ErrorDetail {
  /** Replaces the declared words where there is something more precise to say. */
  message?: string
  field?: string
  retryAfterS?: number
  /** What really happened; logged, never sent. */
  cause?: unknown
}

/** A declared error on its way to the error handler. */
export class AnswerError extends Error {
  readonly declaration: Declaration
  readonly detail: ErrorDetail
  constructor(name: ErrorName, detail: ErrorDetail = {}) {
    const declaration: Declaration = ERRORS[name]
    super(
      detail.message ?? declaration.message,
      detail.cause === undefined ? undefined : { cause: detail.cause },
    )
    this.name = 'AnswerError'
    this.declaration = declaration
    this.detail = detail
  }
}

export function errorBody(declaration: Declaration, detail: ErrorDetail = {}): ErrorBody {
  return {
    error: declaration.error,
    ...(declaration.reason === undefined ? {} : { reason: declaration.reason }),
    message: detail.message ?? declaration.message,
    ...(detail.field === undefined ? {} : { field: detail.field }),
  }
}

/** The body of a 401 to a presented (or missing) credential. */
export function refusalBody(reason: RefusalReason): ErrorBody {
  return { error: ERRORS.unauthorized.error, reason }
}

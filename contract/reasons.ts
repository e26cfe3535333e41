/** Why a credential was refused with 401. */
export const REFUSAL_REASONS = [
  'absent',
  'malformed',
  'signature',
  'expired',
  'unknown',
  'revoked',
  'wrong-mode',
] as const
export type RefusalReason = (typeof REFUSAL_REASONS)[number]

/** Why a node answered 503. The proxy never counts one of these as the node's fault. */
export const UNAVAILABLE_REASONS = ['store_unavailable', 'stale', 'memory_full'] as const
export type UnavailableReason = (typeof UNAVAILABLE_REASONS)[number]

/** Header on which a node repeats its 503's reason, so that the proxy need not read bodies. */
export const UNAVAILABLE_HEADER = 'x-stillin-unavailable'

/** Body of every error answer. `error` is stable and generic; `reason` is one of the closed lists; `message` helps a human. */
export interface ErrorBody {
  error: string
  reason?: RefusalReason | UnavailableReason
  message?: string
  /** The field that was wrong, for 400. */
  field?: string
}

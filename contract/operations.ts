/** What a client can do with a credential. */
export const OPERATIONS = ['login', 'lookup', 'write', 'refresh', 'transfer', 'logout'] as const
export type Operation = (typeof OPERATIONS)[number]

/**
 * The state of the credential presented.
 * - `live`: issued, not expired, not revoked, and whatever holds it is up.
 * - `logged-out`: its own logout was acknowledged.
 * - `expired`, `forged`, `absent`: what they say.
 * - `holder-lost`: the node whose memory held it died.
 */
export const CREDENTIAL_STATES = ['live', 'logged-out', 'expired', 'forged', 'absent', 'holder-lost'] as const
export type CredentialState = (typeof CREDENTIAL_STATES)[number]

/** `by-chance`: it depends on which node answers; `none`: the operation has no meaning in this mode. */
export type Expectation = 'accept' | 'refuse' | 'by-chance' | 'none'

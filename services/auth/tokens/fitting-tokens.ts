import { EXIT, StillinError } from '#contract/errors.ts'
import type { KeyRing } from '#contract/keys.ts'
import type { TokenSettings } from './live-codec.ts'

/** @throws StillinError (usage) where the settings ask for tokens that this key ring cannot make. */
export function requireFittingTokens(
  { jwtVerifier, jwtEncrypt }: Pick<TokenSettings, 'jwtVerifier' | 'jwtEncrypt'>,
  { signing: { algorithm } }: KeyRing,
): void {
  if (jwtVerifier === 'node' && algorithm !== 'HS256')
    throw usage(
      `STILLIN_JWT_VERIFIER: node verifies HS256 only, and the key ring is for ${algorithm}; choose jose`,
    )
  if (!jwtEncrypt) return
  if (algorithm !== 'HS256')
    throw usage(
      `STILLIN_JWT_ENCRYPT: an encrypted token needs a secret that all nodes share, and the key ring is for ${algorithm}; choose HS256`,
    )
  if (jwtVerifier === 'node')
    throw usage(
      'STILLIN_JWT_ENCRYPT: encrypted tokens are opened by jose; STILLIN_JWT_VERIFIER must not be node',
    )
}

function usage(message: string): StillinError {
  return new StillinError(message, { exitCode: EXIT.usage })
}

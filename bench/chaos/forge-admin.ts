import { createHmac, createPrivateKey, type JsonWebKey, sign } from 'node:crypto'
import { StillinError } from '#contract/errors.ts'
import type { KeyRingJwk } from '#contract/keys.ts'
import type { Credential } from '#contract/node-admin.ts'

/**
 * The same access token with the role `admin`, signed again with a key that the forger should not have.
 * @throws StillinError where the token is not a signed one.
 */
export function forgeAdmin(own: Credential, key: KeyRingJwk): Credential {
  const [header, payload, signature, ...more] = (own.headers['authorization'] ?? '')
    .replace('Bearer ', '')
    .split('.')
  if (!header || !payload || !signature || more.length > 0) {
    throw new StillinError('leaked-key: only signed tokens can be forged with a signing key')
  }
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>
  const forged = Buffer.from(JSON.stringify({ ...claims, role: 'admin' })).toString('base64url')
  const text = `${header}.${forged}`
  return { ...own, headers: { authorization: `Bearer ${text}.${signed(text, key)}` } }
}

function signed(text: string, key: KeyRingJwk): string {
  if (key.alg === 'HS256') {
    return createHmac('sha256', Buffer.from(String(key['k']), 'base64url'))
      .update(text)
      .digest('base64url')
  }
  const privateKey = createPrivateKey({ key: key as unknown as JsonWebKey, format: 'jwk' })
  // RFC 7518, section 3.4: a JWS carries the two numbers of an ECDSA signature, not DER.
  const signature = sign(key.alg === 'EdDSA' ? null : 'sha256', Buffer.from(text), {
    key: privateKey,
    dsaEncoding: 'ieee-p1363',
  })
  return signature.toString('base64url')
}

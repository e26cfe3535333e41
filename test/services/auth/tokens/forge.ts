import { createHmac, createPrivateKey, sign } from 'node:crypto'
import type { KeyRingJwk } from '#contract/keys.ts'

export const NOW_MS = 1_800_000_000_000
export const NOW_S = NOW_MS / 1000
export const LIFETIME_S = 300

export const CLAIMS = {
  iss: 'stillin',
  aud: 'stillin',
  sub: 'user-1',
  client_id: 'stillin-lab',
  iat: NOW_S - 10,
  exp: NOW_S + 290,
  jti: 'b0a1',
  role: 'user',
  login_at: '2027-01-15T08:00:00.000Z',
}

export const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

/** A compact JWS of any header and payload, signed by hand: a library would not make most of these. */
export function forge(key: KeyRingJwk, payload: unknown, header: Record<string, unknown> = {}): string {
  const full = { alg: key.alg, typ: 'at+jwt', kid: key.kid, ...header }
  const signed = `${encode(full)}.${encode(payload)}`
  return `${signed}.${signBytes(key, Buffer.from(signed)).toString('base64url')}`
}

export function signBytes(key: KeyRingJwk, bytes: Buffer): Buffer {
  if (key.alg === 'HS256')
    return createHmac('sha256', Buffer.from(String(key['k']), 'base64url'))
      .update(bytes)
      .digest()
  const privateKey = createPrivateKey({ key, format: 'jwk' })
  const hash = key.alg === 'EdDSA' ? null : 'sha256'
  return sign(hash, bytes, { key: privateKey, dsaEncoding: 'ieee-p1363' })
}

const SEGMENT = /^[A-Za-z0-9_-]+$/
/** Last characters whose unused low bits are zero, by how many characters the last group has. */
const LAST_OF_TWO = 'AQgw'
const LAST_OF_THREE = 'AEIMQUYcgkosw048'

/** Longer ones are refused unread: none of ours exceeds 4096 bytes. */
const TOKEN_MAX_LENGTH = 8192

/**
 * Is this a compact JWS in the one spelling that its bytes have (RFC 7515, section 2; RFC 4648, section 3.5)?
 * Decoders accept padding and stray low bits, which would make several texts of one token.
 */
export function isCanonicalToken(token: string): boolean {
  if (token.length > TOKEN_MAX_LENGTH) return false
  const segments = token.split('.')
  return segments.length === 3 && segments.every(isCanonicalSegment)
}

/**
 * Is this a compact JWE with a shared key (RFC 7516, section 3.1) in its one spelling? The second of its five segments,
 * the encrypted key, is empty then.
 */
export function isCanonicalEncryptedToken(token: string): boolean {
  if (token.length > TOKEN_MAX_LENGTH) return false
  const [header, key, ...rest] = token.split('.')
  return (
    header !== undefined && key === '' && rest.length === 3 && [header, ...rest].every(isCanonicalSegment)
  )
}

function isCanonicalSegment(segment: string): boolean {
  if (!SEGMENT.test(segment)) return false
  const last = segment.at(-1) ?? ''
  switch (segment.length % 4) {
    case 1:
      return false
    case 2:
      return LAST_OF_TWO.includes(last)
    case 3:
      return LAST_OF_THREE.includes(last)
    default:
      return true
  }
}

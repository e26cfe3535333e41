import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

const NONCE_BYTES = 12
const TAG_BYTES = 16
const ALGORITHM = 'aes-256-gcm'

/** What is sealed: the cookie that carries a login, for one other service, until a time. */
export interface SealedLogin {
  readonly cookie: string
  readonly origin: string
  readonly expiresAtMs: number
  /** Names the handoff, where the text is good once. */
  readonly once?: string
}

/**
 * A login's cookie as a text that only the nodes of this cluster can read: whoever holds it cannot present the cookie.
 * Every node has the key, so any of them opens what another one sealed; nothing is stored.
 */
export class LoginSeal {
  readonly #key: Buffer

  /** @param key 32 bytes, base64url, derived for this purpose alone. */
  constructor(key: string) {
    this.#key = Buffer.from(key, 'base64url')
  }

  /** @param purpose what it may be opened for. */
  seal(purpose: 'code' | 'grant', login: SealedLogin): string {
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = createCipheriv(ALGORITHM, this.#key, nonce).setAAD(Buffer.from(purpose))
    const sealed = Buffer.concat([cipher.update(JSON.stringify(login)), cipher.final()])
    return Buffer.concat([nonce, sealed, cipher.getAuthTag()]).toString('base64url')
  }

  /** undefined: not ours, sealed for something else, for another origin, or over. */
  open(
    purpose: 'code' | 'grant',
    text: string,
    expected: { origin: string; nowMs: number },
  ): SealedLogin | undefined {
    const bytes = Buffer.from(text, 'base64url')
    if (bytes.length <= NONCE_BYTES + TAG_BYTES) return undefined
    const decipher = createDecipheriv(ALGORITHM, this.#key, bytes.subarray(0, NONCE_BYTES))
      .setAAD(Buffer.from(purpose))
      .setAuthTag(bytes.subarray(-TAG_BYTES))
    let login: SealedLogin
    try {
      const plain = [decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]
      login = JSON.parse(Buffer.concat(plain).toString()) as SealedLogin
    } catch {
      return undefined
    }
    return login.origin === expected.origin && login.expiresAtMs > expected.nowMs ? login : undefined
  }
}

import { Signer } from '@fastify/cookie'
import type { ModeName } from '#contract/modes.ts'
import { isModeName } from '#contract/modes.ts'
import type { RefusalReason } from '#contract/reasons.ts'

const PURPOSE = 'refresh-'
const TOKEN_MAX_LENGTH = 1024

/**
 * Signs what a refresh token says, `refresh-<mode>.<content>.<HMAC-SHA256>`: a forged one is refused before any store is
 * asked. One content has one text, so that a successor can be told twice without being kept.
 */
export class RefreshCodec<Content extends object> {
  readonly #purpose: string
  readonly #signer: Signer

  constructor(mode: ModeName, key: string) {
    this.#purpose = `${PURPOSE}${mode}`
    this.#signer = new Signer(key)
  }

  seal(content: Content): string {
    const encoded = Buffer.from(JSON.stringify(content)).toString('base64url')
    return this.#signer.sign(`${this.#purpose}.${encoded}`)
  }

  open(token: string): Content | RefusalReason {
    const purpose = token.slice(0, token.indexOf('.'))
    if (token.length > TOKEN_MAX_LENGTH || !purpose.startsWith(PURPOSE)) return 'malformed'
    if (purpose !== this.#purpose)
      return isModeName(purpose.slice(PURPOSE.length)) ? 'wrong-mode' : 'malformed'
    const { valid, value } = this.#signer.unsign(token)
    if (!valid || value === null) return 'signature'
    // The signature is ours, so the content is what we once wrote.
    return JSON.parse(Buffer.from(value.slice(purpose.length + 1), 'base64url').toString()) as Content
  }
}

import { importJWK, type JWK } from 'jose'
import { TOKEN_ALGORITHMS, type TokenAlgorithm } from '#contract/keys.ts'
import { KEYS_COOLDOWN_MS } from '#contract/shop.ts'
import { joseVerifier } from '../auth/tokens/jose-verifier.ts'
import type { TokenVerifier } from '../auth/tokens/token-verifier.ts'

/** A copy this old is fetched anew; where nobody answers it is used on, and no token outlives it by more than its life. */
const AGE_MAX_MS = 60_000
const KEYS_MAX = 16
const TEXT_MAX_LENGTH = 65_536

/** The auth service's answer: its key set, `none` where it publishes none; undefined: no answer. */
export type FetchKeys = () => Promise<{ readonly keys: readonly JWK[] } | 'none' | undefined>

/**
 * Why there is no verifier. `shared-secret`: there are no public keys, the auth service must be asked. `unknown`: the
 * auth service does not know this key either. `cooling-down`: it was asked a moment ago. `unavailable`: it never answered.
 */
export type NoVerifier = 'shared-secret' | 'unknown' | 'cooling-down' | 'unavailable'

/**
 * The auth service's public keys, fetched when somebody first needs one, when they are old, and once more for a key
 * that is not among them: a key that was rotated in is found by the first token it signed.
 */
export class KeySet {
  readonly #fetch: FetchKeys
  readonly #lifetimeMaxS: number
  readonly #now: () => number
  #verifiers: ReadonlyMap<string, TokenVerifier> | 'none' | undefined
  #fetchedAtMs = Number.NEGATIVE_INFINITY
  #triedAtMs = Number.NEGATIVE_INFINITY
  #fetching: Promise<void> | undefined
  #fetches = 0
  /** Did the last fetch bring an answer? */
  #answered = false

  /** @param now milliseconds, for ages only. */
  constructor(fetch: FetchKeys, lifetimeMaxS: number, now: () => number) {
    this.#fetch = fetch
    this.#lifetimeMaxS = lifetimeMaxS
    this.#now = now
  }

  get kids(): readonly string[] {
    return this.#verifiers instanceof Map ? [...this.#verifiers.keys()] : []
  }

  get fetches(): number {
    return this.#fetches
  }

  async verifierFor(kid: string): Promise<TokenVerifier | NoVerifier> {
    const isOld = this.#now() - this.#fetchedAtMs >= AGE_MAX_MS
    const asked = isOld && (await this.#refresh())
    const known = this.#find(kid)
    if (known !== undefined) return known
    if (asked || (await this.#refresh()))
      return this.#find(kid) ?? (this.#answered ? 'unknown' : 'unavailable')
    return this.#answered ? 'cooling-down' : 'unavailable'
  }

  #find(kid: string): TokenVerifier | 'shared-secret' | undefined {
    return this.#verifiers === 'none' ? 'shared-secret' : this.#verifiers?.get(kid)
  }

  /** Many at once share one fetch. False: too soon after the last one. */
  async #refresh(): Promise<boolean> {
    if (this.#fetching === undefined && this.#now() - this.#triedAtMs < KEYS_COOLDOWN_MS) return false
    this.#fetching ??= this.#fetchOnce().finally(() => {
      this.#fetching = undefined
    })
    await this.#fetching
    return true
  }

  async #fetchOnce(): Promise<void> {
    this.#triedAtMs = this.#now()
    this.#fetches += 1
    const answer = await this.#fetch()
    this.#answered = answer !== undefined
    if (answer === undefined) return
    this.#verifiers = answer === 'none' ? 'none' : await verifiersOf(answer.keys, this.#lifetimeMaxS)
    this.#fetchedAtMs = this.#now()
  }
}

/** One verifier a key, which takes that key's algorithm and no other (RFC 8725, section 3.1). */
async function verifiersOf(keys: readonly JWK[], lifetimeMaxS: number) {
  const verifiers = new Map<string, TokenVerifier>()
  for (const jwk of keys.slice(0, KEYS_MAX)) {
    const { kid, alg, use = 'sig' } = jwk
    if (kid === undefined || use !== 'sig' || !isPublic(jwk) || !isAsymmetric(alg)) continue
    const key = await importJWK(jwk, alg).catch(() => undefined)
    if (key === undefined || key instanceof Uint8Array) continue
    verifiers.set(kid, joseVerifier({ algorithm: alg, verifying: new Map([[kid, key]]) }, lifetimeMaxS))
  }
  return verifiers
}

function isPublic({ d, k }: JWK): boolean {
  return d === undefined && k === undefined
}

function isAsymmetric(alg: string | undefined): alg is TokenAlgorithm {
  return alg !== 'HS256' && (TOKEN_ALGORITHMS as readonly (string | undefined)[]).includes(alg)
}

/** Reads `/.well-known/jwks.json` of an answer that has come. @returns undefined for what is no key set. */
export function readKeySet(status: number, text: string): Awaited<ReturnType<FetchKeys>> {
  if (text.length > TEXT_MAX_LENGTH) return undefined
  try {
    const body = JSON.parse(text) as { keys?: unknown; error?: unknown }
    if (status === 404 && body.error === 'no_public_keys') return 'none'
    return status === 200 && Array.isArray(body.keys) ? { keys: body.keys as JWK[] } : undefined
  } catch {
    return undefined
  }
}

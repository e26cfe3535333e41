import { createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto'
import type { CheckedUser } from '../directory/login-check.ts'
import type { LinkPurpose, OneTimeStore } from './one-time-store.ts'

const LINK_BYTES = 32
const CODE_DIGITS = 6

/** A link's owner as the link knows it: the role is for the directory to say. */
export type LinkOwner = Omit<CheckedUser, 'role'>

/** Links that log in once, and codes that prove once that somebody reads a phone. */
export class OneTimeSecrets {
  readonly #store: OneTimeStore
  readonly #key: string

  /** @param key keyed hashes: six digits would be found from a plain one in no time. */
  constructor(store: OneTimeStore, key: string) {
    this.#store = store
    this.#key = key
  }

  /** undefined when the user has too many links that are still good. */
  newLink(owner: LinkOwner): Promise<string | undefined> {
    return this.#add('sign-in', owner)
  }

  claimLink(token: string): Promise<LinkOwner | undefined> {
    return this.#take('sign-in', token)
  }

  /** Marks one handoff to another service, good once; undefined when the user has too many that are still good. */
  newHandoff(owner: LinkOwner): Promise<string | undefined> {
    return this.#add('handoff', owner)
  }

  /** True for the one use that gets it. */
  async claimHandoff(token: string): Promise<boolean> {
    return (await this.#take('handoff', token)) !== undefined
  }

  /** A code of six digits, good in this session alone; undefined when too many were asked for. */
  async newCode(userId: string, session: string): Promise<string | undefined> {
    const code = String(randomInt(10 ** CODE_DIGITS)).padStart(CODE_DIGITS, '0')
    const hash = this.#codeHash(userId, session, code)
    return (await this.#store.addCode(userId, session, hash)) ? code : undefined
  }

  /** Every call is a try, right or wrong; a right one is the last. */
  async verifyCode(userId: string, session: string, code: string): Promise<boolean> {
    const expected = await this.#store.tryCode(userId, session)
    if (expected === undefined) return false
    const presented = this.#codeHash(userId, session, code)
    if (presented.length !== expected.length) return false
    if (!timingSafeEqual(Buffer.from(presented), Buffer.from(expected))) return false
    return this.#store.takeCode(userId, session, expected)
  }

  async close(): Promise<void> {
    await this.#store.close()
  }

  async #add(purpose: LinkPurpose, { id, version }: LinkOwner): Promise<string | undefined> {
    const token = randomBytes(LINK_BYTES).toString('base64url')
    return (await this.#store.addLink(purpose, this.#hash(purpose, token), id, version)) ? token : undefined
  }

  async #take(purpose: LinkPurpose, token: string): Promise<LinkOwner | undefined> {
    const owner = await this.#store.takeLink(purpose, this.#hash(purpose, token))
    return owner && { id: owner.userId, version: owner.version }
  }

  #codeHash(userId: string, session: string, code: string): string {
    return this.#hash('code', `${userId}.${session}.${code}`)
  }

  #hash(purpose: LinkPurpose | 'code', text: string): string {
    return createHmac('sha256', this.#key).update(`${purpose}.${text}`).digest('base64url')
  }
}

import type { TokenAlgorithm } from './keys.ts'
import type { ModeName } from './modes.ts'
import type { LoginCheckKind } from './shop.ts'

/** What a service said of a login: accepted, refused, or that it cannot tell (503; nobody answers). */
export type SsoAnswer = 'in' | 'out' | 'cannot-tell'

/** One login put to both services. */
export interface SsoStep {
  name: 'login' | 'auth-dead' | 'new-key' | 'logout'
  /** Through the proxy. */
  auth: SsoAnswer
  shop: SsoAnswer
}

/** What a new signing key, and tokens under keys that nobody has, did to the shop. */
export interface ShopRotation {
  /** From the login under the new key until the shop accepted it, ms. */
  pickedUpMs: number
  /** Key sets fetched for it. */
  fetches: number
  /** Tokens under as many invented keys: how many were accepted, and what they made the shop fetch. */
  forged: { sent: number; accepted: number; fetches: number }
}

/** Single sign-on in one mode, as observed. */
export interface SsoDemo {
  mode: ModeName
  summary: string
  /** Of the tokens; absent where cookies carry logins. */
  algorithm?: TokenAlgorithm
  /** How the shop checked. */
  check: LoginCheckKind
  /** Statuses of the code's first use and of its second; absent where a token is presented. */
  code?: { first: number; again: number }
  steps: readonly SsoStep[]
  /** Absent where the shop knows no keys. */
  rotation?: ShopRotation
  sentence: string
}

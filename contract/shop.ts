import type { RefusalReason } from './reasons.ts'

/** Paths of the shop: a second service, on an origin of its own, that accepts the logins of the auth nodes. */
export const SHOP_ROUTES = {
  /** `GET`: who the login says this is. */
  me: '/me',
  /** `POST {code}`: brings a login over, where cookies carry it; `DELETE` forgets it here and nowhere else. */
  session: '/session',
  /** `GET`: which keys it knows, and how often it has fetched them. */
  keys: '/keys',
  livez: '/livez',
} as const

/** The shop's own cookie; the auth service's never reaches another origin. */
export const SHOP_COOKIE = 'stillin_shop'
export const SERVED_BY_SHOP = 'shop'

/** The shop fetches keys at most this often, whatever asks for them: forged key names are no load on anybody. */
export const KEYS_COOLDOWN_MS = 2_000

/** How a login was checked: by its signature and the published keys, or by asking the auth service. */
export type LoginCheckKind = 'offline' | 'asked'

/** Answer of `GET /me` on the shop. */
export interface ShopMeAnswer {
  id: string
  role: string
  loginAt: string
  check: LoginCheckKind
}

/** 401: the login is not good. 503: the shop cannot tell, because the auth service does not say. */
export type ShopRefusal =
  | { error: 'unauthorized'; reason: RefusalReason }
  | { error: 'unavailable'; reason: 'auth_unavailable' | 'keys_cooling_down' }

/** Answer of `GET /keys` on the shop. */
export interface ShopKeysAnswer {
  /** By which the auth service's keys go; empty where it publishes none (HS256: a shared secret is for its owners). */
  kids: readonly string[]
  /** Since the start. */
  fetches: number
}

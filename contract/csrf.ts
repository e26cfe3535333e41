import type { ModeName } from './modes.ts'

/** What a forged request came to. `done`: in the victim's name; `not-sent`: the browser kept it back. */
export type ForgeryResult = 'done' | 'refused' | 'not-sent'

/** One forged request, as sent and answered. */
export interface ForgeryTry {
  /** E.g. `POST /transfer`. */
  request: string
  result: ForgeryResult
  /** HTTP status; 0: not sent. */
  status: number
  /** Our word for the refusal (`csrf_header_missing`), `preflight_refused`, or empty. */
  why: string
}

/** One attack against the route without protection and against one with it. */
export interface ForgeryRow {
  /** What the attacker's page does, in a few words. */
  attack: string
  /** Where that page lies: on another site, or on another origin of the victim's own site (a sister subdomain). */
  from: 'cross-site' | 'same-site'
  /** Did the browser attach the victim's cookie? */
  cookieSent: boolean
  unprotected: ForgeryTry
  protected: ForgeryTry
}

/** All attacks, for one way of setting the cookie. */
export interface ForgeryTable {
  /** `as-set`: the attribute that the login's answer had; `as-if`: taken for None; `none`: there is no cookie. */
  cookie: 'as-set' | 'as-if' | 'none'
  /** The cookie's SameSite attribute; absent where there is no cookie. */
  sameSite?: 'Strict' | 'Lax' | 'None'
  rows: readonly ForgeryRow[]
}

/** One mode under attack, as observed. */
export interface CsrfDemo {
  mode: ModeName
  summary: string
  tables: readonly ForgeryTable[]
  /** Was the victim, who was to be logged out too, still logged in at the end? */
  victimStillIn: boolean
  /** Drawn from the tables. */
  sentence: string
}

import type { ModeName } from './modes.ts'
import { OPERATIONS } from './operations.ts'
import type { Outcome } from './outcomes.ts'

/**
 * What a history can hold beside the operations that every target offers.
 * - `read`: `GET /me/data`. `sessions`: how many logins of a user there are. `claim`: a one-time link is used.
 * - `seed`: a login made through a node's private listener, without a password.
 * - `kill`: a node dies. `silence`: the store surely answers nobody from `invokedUs` to `doneUs`.
 */
export const HISTORY_OPERATIONS = [
  ...OPERATIONS,
  'read',
  'logout-all',
  'password',
  'ban',
  'unban',
  'role',
  'sessions',
  'claim',
  'seed',
  'kill',
  'silence',
] as const
export type HistoryOperation = (typeof HISTORY_OPERATIONS)[number]

/** Is the effect known to have happened (`ok`), known not to have (`fail`), or may it have? Not about the answer. */
export const CERTAINTIES = ['ok', 'fail', 'unsure'] as const
export type Certainty = (typeof CERTAINTIES)[number]

/** A credential that an answer handed out, by names; no history holds a secret. */
export interface IssuedCredential {
  /** Names the text. */
  credential: string
  /** Names what a logout ends: the same in every credential that a write issues anew, another after a refresh. */
  login: string
  /** Absolute lifetime from the operation on, s. */
  livesS?: number
  /** Names the refresh token that came with it, `family.place`, places counted from 1. */
  refreshToken?: string
  /** The user's epoch, where the credential shows it. */
  epoch?: number
}

/** What an operation ends when it succeeds: one login and its refresh tokens, or all that the user has. */
export interface Revocation {
  reach: 'login' | 'user'
  /** The login's name, or the user's id. */
  target: string
  /** The family of refresh tokens that ends with the login. */
  family?: string
}

/**
 * One operation of one client, as `timeline.ndjson` and `history.ndjson` keep it. Times are µs on one monotonic clock,
 * from the start of the run. What an operation does not have, or the recorder did not see, is absent.
 */
export interface HistoryLine {
  seq: number
  client: string
  user: string
  /** Names the credential presented; empty: none. */
  credential: string
  op: HistoryOperation
  /** Who answered; `proxy` or empty where no node did. */
  node: string
  mode: ModeName
  invokedUs: number
  doneUs: number
  outcome: Outcome
  certainty: Certainty
  reason: string
  /** Where it was sent: through the entrance, or to a node directly. */
  via?: 'proxy' | 'node'
  /** The login that the credential presented belongs to. */
  login?: string
  issued?: IssuedCredential
  revokes?: Revocation
  /** The user that the answer named. */
  saw?: string
  /** The refresh token presented, `family.place`. */
  refreshToken?: string
  /** Names the one-time secret presented. */
  secret?: string
  /** Names the password presented; `nextPassword` the one it was changed to. */
  password?: string
  nextPassword?: string
  /** The value written, or read (empty: none was there). */
  wrote?: string
  read?: string
  /** Live logins of the user, as counted. */
  sessions?: number
  /** By then it had begun at the node: a gate said so. What comes later overtook it. */
  begunUs?: number
}

/** The settings a history was recorded under: its first line, where it has one. */
export interface HistoryHeader {
  history: 1
  mode: ModeName
  seed: number
  nodes: number
  /** A planted bug that was switched on. */
  plant?: string
  /** The bound the nodes were set to, where the mode has one; the mode's own unless given. */
  boundMs?: number
  /** How long a refresh token may be used again, for the same successor. */
  graceMs?: number
  /** Absolute lifetime of a renewed login. */
  refreshS?: number
  /** Live sessions a user may have. */
  sessionsPerUser?: number
}

export interface History {
  readonly header: HistoryHeader | undefined
  readonly lines: readonly HistoryLine[]
}

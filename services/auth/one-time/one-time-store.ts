import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { Clock } from '../clock.ts'

export const LINK_LIFETIME_MS = 15 * 60_000
export const CODE_LIFETIME_MS = 10 * 60_000
export const CODE_TRIES_MAX = 5
/** Links of one user that are good at the same time, and codes asked for in one lifetime of a code. */
const LINKS_MAX = 5
const ASKS_MAX = 5
const BUSY_TIMEOUT_MS = 5_000

const SCHEMA = `
CREATE TABLE IF NOT EXISTS links (
  hash TEXT PRIMARY KEY, user_id TEXT NOT NULL, version INTEGER NOT NULL, expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS codes (
  user_id TEXT PRIMARY KEY, session TEXT NOT NULL, hash TEXT NOT NULL, tries INTEGER NOT NULL,
  expires_at INTEGER NOT NULL, asks INTEGER NOT NULL, asked_since INTEGER NOT NULL
) STRICT, WITHOUT ROWID`

/** A store that is not in this process answers later. */
type MaybeLater<Value> = Value | Promise<Value>

/**
 * What may be used once, beside the user directory, for all nodes of a host and in every mode. Each use is one statement
 * that takes what it finds: of any number that come at once, one gets it. Only hashes are kept.
 */
export class OneTimeStore {
  readonly #clock: Clock
  readonly #database: DatabaseSync
  readonly #addLink: StatementSync
  readonly #takeLink: StatementSync
  readonly #dropLinks: StatementSync
  readonly #addCode: StatementSync
  readonly #tryCode: StatementSync
  readonly #takeCode: StatementSync

  constructor(directoryFile: string, clock: Clock) {
    this.#clock = clock
    const database = new DatabaseSync(directoryFile, { timeout: BUSY_TIMEOUT_MS })
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
    database.exec(SCHEMA)
    this.#database = database
    this.#addLink = database.prepare(
      `INSERT INTO links SELECT :hash, :user, :version, :expires
       WHERE (SELECT count(*) FROM links WHERE user_id = :user AND expires_at > :now) < ${LINKS_MAX}`,
    )
    this.#takeLink = database.prepare(
      'DELETE FROM links WHERE hash = ? AND expires_at > ? RETURNING user_id, version',
    )
    this.#dropLinks = database.prepare('DELETE FROM links WHERE expires_at <= ?')
    this.#addCode = database.prepare(
      `INSERT INTO codes VALUES (:user, :session, :hash, 0, :expires, 1, :now)
       ON CONFLICT (user_id) DO UPDATE SET session = :session, hash = :hash, tries = 0, expires_at = :expires,
         asks = CASE WHEN asked_since <= :past THEN 1 ELSE asks + 1 END,
         asked_since = CASE WHEN asked_since <= :past THEN :now ELSE asked_since END
       WHERE asked_since <= :past OR asks < ${ASKS_MAX}`,
    )
    this.#tryCode = database.prepare(
      `UPDATE codes SET tries = tries + 1
       WHERE user_id = ? AND session = ? AND expires_at > ? AND tries < ${CODE_TRIES_MAX} RETURNING hash`,
    )
    this.#takeCode = database.prepare(
      `UPDATE codes SET tries = ${CODE_TRIES_MAX}, hash = '' WHERE user_id = ? AND session = ? AND hash = ?`,
    )
  }

  /** False when the user has as many good links as are allowed. */
  addLink(hash: string, user: string, version: number): boolean {
    const now = this.#clock.now()
    this.#dropLinks.run(now)
    const added = this.#addLink.run({ hash, user, version, now, expires: now + LINK_LIFETIME_MS })
    return added.changes === 1
  }

  /** Whose link it was, and the account's version it was made for; undefined: never was, is used, or has expired. */
  takeLink(hash: string): MaybeLater<{ userId: string; version: number } | undefined> {
    const row = this.#takeLink.get(hash, this.#clock.now())
    return row && { userId: String(row['user_id']), version: Number(row['version']) }
  }

  /** Takes the place of the user's earlier code. False when too many were asked for. */
  addCode(user: string, session: string, hash: string): boolean {
    const now = this.#clock.now()
    const expires = now + CODE_LIFETIME_MS
    return (
      this.#addCode.run({ user, session, hash, expires, now, past: now - CODE_LIFETIME_MS }).changes === 1
    )
  }

  /** Counts one try; the hash to compare with, or undefined where there is no code to try (any more). */
  tryCode(user: string, session: string): string | undefined {
    const row = this.#tryCode.get(user, session, this.#clock.now())
    return row && String(row['hash'])
  }

  /** True for the one use that gets it. */
  takeCode(user: string, session: string, hash: string): boolean {
    return this.#takeCode.run(user, session, hash).changes === 1
  }

  close(): void {
    this.#database.close()
  }
}

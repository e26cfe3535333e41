import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { Clock } from '../clock.ts'
import type { MaybeLater } from '../maybe-later.ts'
import {
  ASKS_MAX,
  CODE_LIFETIME_MS,
  CODE_TRIES_MAX,
  LINK_LIFETIME_MS,
  LINKS_MAX,
  type OneTimeStore,
  type TakenLink,
} from './one-time-store.ts'

const BUSY_TIMEOUT_MS = 5_000

const SCHEMA = `
CREATE TABLE IF NOT EXISTS links (
  hash TEXT PRIMARY KEY, user_id TEXT NOT NULL, version INTEGER NOT NULL, expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS codes (
  user_id TEXT PRIMARY KEY, session TEXT NOT NULL, hash TEXT NOT NULL, tries INTEGER NOT NULL,
  expires_at INTEGER NOT NULL, asks INTEGER NOT NULL, asked_since INTEGER NOT NULL
) STRICT, WITHOUT ROWID`

/** In the user directory's SQLite file, for all nodes of a host. */
export class SqliteOneTimeStore implements OneTimeStore {
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

  addLink(hash: string, user: string, version: number): boolean {
    const now = this.#clock.now()
    this.#dropLinks.run(now)
    const added = this.#addLink.run({ hash, user, version, now, expires: now + LINK_LIFETIME_MS })
    return added.changes === 1
  }

  takeLink(hash: string): MaybeLater<TakenLink | undefined> {
    const row = this.#takeLink.get(hash, this.#clock.now())
    return row && { userId: String(row['user_id']), version: Number(row['version']) }
  }

  addCode(user: string, session: string, hash: string): boolean {
    const now = this.#clock.now()
    const expires = now + CODE_LIFETIME_MS
    return (
      this.#addCode.run({ user, session, hash, expires, now, past: now - CODE_LIFETIME_MS }).changes === 1
    )
  }

  tryCode(user: string, session: string): string | undefined {
    const row = this.#tryCode.get(user, session, this.#clock.now())
    return row && String(row['hash'])
  }

  takeCode(user: string, session: string, hash: string): boolean {
    return this.#takeCode.run(user, session, hash).changes === 1
  }

  close(): void {
    this.#database.close()
  }
}

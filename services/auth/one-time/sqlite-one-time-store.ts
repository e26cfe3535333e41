import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { Clock } from '../clock.ts'
import type { MaybeLater } from '../maybe-later.ts'
import {
  ASKS_MAX,
  CODE_LIFETIME_MS,
  CODE_TRIES_MAX,
  LINKS,
  type LinkPurpose,
  type OneTimeStore,
  type TakenLink,
} from './one-time-store.ts'

const BUSY_TIMEOUT_MS = 5_000

/** A table for each purpose: a file in which all links were in the first goes on being used, also by nodes that know no other. */
const LINK_TABLES: Readonly<Record<LinkPurpose, string>> = { 'sign-in': 'links', handoff: 'handoffs' }

const createLinks = (table: string) => `CREATE TABLE IF NOT EXISTS ${table} (
  hash TEXT PRIMARY KEY, user_id TEXT NOT NULL, version INTEGER NOT NULL, expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;`

const SCHEMA = `
${Object.values(LINK_TABLES).map(createLinks).join('\n')}
CREATE TABLE IF NOT EXISTS codes (
  user_id TEXT PRIMARY KEY, session TEXT NOT NULL, hash TEXT NOT NULL, tries INTEGER NOT NULL,
  expires_at INTEGER NOT NULL, asks INTEGER NOT NULL, asked_since INTEGER NOT NULL
) STRICT, WITHOUT ROWID`

interface LinkStatements {
  readonly add: StatementSync
  readonly take: StatementSync
  readonly drop: StatementSync
}

/** In the user directory's SQLite file, for all nodes of a host. */
export class SqliteOneTimeStore implements OneTimeStore {
  readonly #clock: Clock
  readonly #database: DatabaseSync
  readonly #links: Readonly<Record<LinkPurpose, LinkStatements>>
  readonly #addCode: StatementSync
  readonly #tryCode: StatementSync
  readonly #takeCode: StatementSync

  constructor(directoryFile: string, clock: Clock) {
    this.#clock = clock
    const database = new DatabaseSync(directoryFile, { timeout: BUSY_TIMEOUT_MS })
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
    database.exec(SCHEMA)
    this.#database = database
    this.#links = { 'sign-in': prepareLinks(database, 'sign-in'), handoff: prepareLinks(database, 'handoff') }
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

  addLink(purpose: LinkPurpose, hash: string, user: string, version: number): boolean {
    const now = this.#clock.now()
    const { add, drop } = this.#links[purpose]
    drop.run(now)
    return add.run({ hash, user, version, now, expires: now + LINKS[purpose].lifetimeMs }).changes === 1
  }

  takeLink(purpose: LinkPurpose, hash: string): MaybeLater<TakenLink | undefined> {
    const row = this.#links[purpose].take.get(hash, this.#clock.now())
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

function prepareLinks(database: DatabaseSync, purpose: LinkPurpose): LinkStatements {
  const table = LINK_TABLES[purpose]
  return {
    add: database.prepare(
      `INSERT INTO ${table} SELECT :hash, :user, :version, :expires
       WHERE (SELECT count(*) FROM ${table} WHERE user_id = :user AND expires_at > :now) < ${LINKS[purpose].max}`,
    ),
    take: database.prepare(
      `DELETE FROM ${table} WHERE hash = ? AND expires_at > ? RETURNING user_id, version`,
    ),
    drop: database.prepare(`DELETE FROM ${table} WHERE expires_at <= ?`),
  }
}

import type { Clock } from '../clock.ts'
import type { PostgresAccess } from '../directory/postgres-access.ts'
import {
  ASKS_MAX,
  CODE_LIFETIME_MS,
  CODE_TRIES_MAX,
  LINKS,
  type LinkPurpose,
  type OneTimeStore,
  type TakenLink,
} from './one-time-store.ts'

/** A table for each purpose: a database in which all links were in the first goes on being used, also by nodes that know no other. */
const LINK_TABLES: Readonly<Record<LinkPurpose, string>> = {
  'sign-in': 'stillin_links',
  handoff: 'stillin_handoffs',
}

const createLinks = (table: string) => `CREATE TABLE IF NOT EXISTS ${table} (
  hash text COLLATE "C" PRIMARY KEY, user_id text NOT NULL, version integer NOT NULL, expires_at bigint NOT NULL
);`

const SCHEMA = `
${Object.values(LINK_TABLES).map(createLinks).join('\n')}
CREATE TABLE IF NOT EXISTS stillin_codes (
  user_id text COLLATE "C" PRIMARY KEY, session text NOT NULL, hash text NOT NULL, tries integer NOT NULL,
  expires_at bigint NOT NULL, asks integer NOT NULL, asked_since bigint NOT NULL
)`

/**
 * In the user directory's PostgreSQL, for nodes of several hosts. Times are the nodes' clocks: an expiry is early or late
 * by as much as these differ.
 */
export class PostgresOneTimeStore implements OneTimeStore {
  readonly #access: PostgresAccess
  readonly #clock: Clock

  private constructor(access: PostgresAccess, clock: Clock) {
    this.#access = access
    this.#clock = clock
  }

  /** @throws StillinError (unavailable) where no PostgreSQL answers in time. */
  static async open(access: PostgresAccess, clock: Clock): Promise<PostgresOneTimeStore> {
    await access.prepare(SCHEMA)
    return new PostgresOneTimeStore(access, clock)
  }

  async addLink(purpose: LinkPurpose, hash: string, user: string, version: number): Promise<boolean> {
    const now = this.#clock.now()
    const table = LINK_TABLES[purpose]
    const { lifetimeMs, max } = LINKS[purpose]
    await this.#access.ask(`drop-${table}`, `DELETE FROM ${table} WHERE expires_at <= $1`, [now])
    // Two that are asked for at the same moment may both be the last one allowed: a bound, not a promise.
    const { rowCount } = await this.#access.ask(
      `add-${table}`,
      `INSERT INTO ${table} SELECT $1, $2, $3, $4
       WHERE (SELECT count(*) FROM ${table} WHERE user_id = $2 AND expires_at > $5) < ${max}`,
      [hash, user, version, now + lifetimeMs, now],
    )
    return rowCount === 1
  }

  async takeLink(purpose: LinkPurpose, hash: string): Promise<TakenLink | undefined> {
    const table = LINK_TABLES[purpose]
    const { rows } = await this.#access.ask<{ user_id: string; version: number }>(
      `take-${table}`,
      `DELETE FROM ${table} WHERE hash = $1 AND expires_at > $2 RETURNING user_id, version`,
      [hash, this.#clock.now()],
    )
    return rows[0] && { userId: rows[0].user_id, version: rows[0].version }
  }

  async addCode(user: string, session: string, hash: string): Promise<boolean> {
    const now = this.#clock.now()
    const { rowCount } = await this.#access.ask(
      'add-code',
      `INSERT INTO stillin_codes AS held VALUES ($1, $2, $3, 0, $4, 1, $5)
       ON CONFLICT (user_id) DO UPDATE SET session = $2, hash = $3, tries = 0, expires_at = $4,
         asks = CASE WHEN held.asked_since <= $6 THEN 1 ELSE held.asks + 1 END,
         asked_since = CASE WHEN held.asked_since <= $6 THEN $5 ELSE held.asked_since END
       WHERE held.asked_since <= $6 OR held.asks < ${ASKS_MAX}`,
      [user, session, hash, now + CODE_LIFETIME_MS, now, now - CODE_LIFETIME_MS],
    )
    return rowCount === 1
  }

  async tryCode(user: string, session: string): Promise<string | undefined> {
    const { rows } = await this.#access.ask<{ hash: string }>(
      'try-code',
      `UPDATE stillin_codes SET tries = tries + 1
       WHERE user_id = $1 AND session = $2 AND expires_at > $3 AND tries < ${CODE_TRIES_MAX} RETURNING hash`,
      [user, session, this.#clock.now()],
    )
    return rows[0]?.hash
  }

  async takeCode(user: string, session: string, hash: string): Promise<boolean> {
    const { rowCount } = await this.#access.ask(
      'take-code',
      `UPDATE stillin_codes SET tries = ${CODE_TRIES_MAX}, hash = '' WHERE user_id = $1 AND session = $2 AND hash = $3`,
      [user, session, hash],
    )
    return rowCount === 1
  }

  close(): Promise<void> {
    return this.#access.close()
  }
}

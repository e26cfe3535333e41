import { Pool } from 'pg'
import type { Records, Seen } from './records.ts'
import { StoreFull } from './records.ts'

/** Several nodes begin at once: one makes the table while the others wait. */
const SCHEMA = `
BEGIN;
SELECT pg_advisory_xact_lock(7091);
CREATE TABLE IF NOT EXISTS stillin_records
  (name text COLLATE "C" PRIMARY KEY, version bigint NOT NULL, text text NOT NULL, live_until bigint NOT NULL);
COMMIT`
const CONNECTIONS_MAX = 10
/** SQLSTATE of a disk that is full. */
const DISK_FULL = '53100'

/** Records in a PostgreSQL table: each question is one prepared statement on a pooled connection. */
export class PostgresRecords implements Records {
  readonly #pool: Pool
  #hasTable = false

  /** Opens no connection yet. @param url as `postgres://user@host:port/database`. */
  constructor(url: string, { timeoutMs }: { timeoutMs: number }) {
    this.#pool = new Pool({
      connectionString: url,
      max: CONNECTIONS_MAX,
      connectionTimeoutMillis: timeoutMs,
      query_timeout: timeoutMs,
      // A new connection costs a process and a password check.
      idleTimeoutMillis: 0,
      keepAlive: true,
    })
    // A lost connection is told by the question that fails on it; without a listener it would end the process.
    this.#pool.on('error', () => undefined)
  }

  async read(name: string): Promise<Seen | undefined> {
    const { rows } = await this.#query<{ text: string; version: string }>(
      'read',
      'SELECT text, version FROM stillin_records WHERE name = $1',
      [name],
    )
    return rows[0]
  }

  async swap(name: string, seen: Seen | undefined, text: string, liveUntilMs: number) {
    const { rowCount } =
      seen === undefined
        ? await this.#query(
            'insert',
            'INSERT INTO stillin_records VALUES ($1, 1, $2, $3) ON CONFLICT DO NOTHING',
            [name, text, liveUntilMs],
          )
        : await this.#query(
            'update',
            `UPDATE stillin_records SET text = $1, live_until = $2, version = version + 1
             WHERE name = $3 AND version = $4`,
            [text, liveUntilMs, name, seen.version as string],
          )
    return rowCount === 1 ? 'swapped' : 'moved'
  }

  async countLive(kind: string, nowMs: number): Promise<number> {
    const { rows } = await this.#query<{ users: string }>(
      'count',
      'SELECT count(*) AS users FROM stillin_records WHERE name >= $1 AND name < $2 AND live_until > $3',
      [`${kind}.`, `${kind}/`, nowMs],
    )
    return Number(rows[0]?.users ?? 0)
  }

  async ping(): Promise<void> {
    await this.#query('ping', 'SELECT 1', [])
  }

  async close(): Promise<void> {
    await this.#pool.end()
  }

  /** @param name each connection prepares the statement once, under this name. */
  async #query<Row extends object>(name: string, text: string, values: (string | number)[]) {
    try {
      if (!this.#hasTable) await this.#pool.query(SCHEMA)
      this.#hasTable = true
      return await this.#pool.query<Row>({ name: `stillin-${name}`, text, values })
    } catch (error) {
      const isFull = error instanceof Error && 'code' in error && error.code === DISK_FULL
      throw isFull ? new StoreFull('the disk of PostgreSQL is full', { cause: error }) : error
    }
  }
}

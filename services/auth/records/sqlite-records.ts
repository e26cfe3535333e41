import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { Records, Seen } from './records.ts'
import { StoreFull } from './records.ts'

const SCHEMA = `
CREATE TABLE IF NOT EXISTS records (
  name TEXT PRIMARY KEY, version INTEGER NOT NULL, text TEXT NOT NULL, live_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID`
const SQLITE_FULL = 13

/**
 * Records in a SQLite file (WAL) that the nodes of one host share. Every question runs on the event loop: while one
 * node writes, the others that want to write stand still, for at most `timeoutMs`. What was answered is there when a
 * process is killed; a power cut may take the last writes (synchronous = NORMAL).
 */
export class SqliteRecords implements Records {
  readonly #database: DatabaseSync
  readonly #select: StatementSync
  readonly #insert: StatementSync
  readonly #update: StatementSync
  readonly #count: StatementSync

  /** @param pagesMax SQLite's own limit on the file, in pages; the file system's unless given. */
  constructor(file: string, { timeoutMs, pagesMax }: { timeoutMs: number; pagesMax?: number }) {
    const database = new DatabaseSync(file, { timeout: timeoutMs })
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
    if (pagesMax !== undefined) database.exec(`PRAGMA max_page_count = ${pagesMax}`)
    database.exec(SCHEMA)
    this.#database = database
    this.#select = database.prepare('SELECT text, version FROM records WHERE name = ?')
    this.#insert = database.prepare('INSERT INTO records VALUES (?, 1, ?, ?) ON CONFLICT DO NOTHING')
    this.#update = database.prepare(
      'UPDATE records SET text = ?, live_until = ?, version = version + 1 WHERE name = ? AND version = ?',
    )
    this.#count = database.prepare(
      'SELECT count(*) AS users FROM records WHERE name >= ? AND name < ? AND live_until > ?',
    )
  }

  async read(name: string): Promise<Seen | undefined> {
    const row = this.#select.get(name)
    return row && { text: String(row['text']), version: row['version'] }
  }

  async swap(name: string, seen: Seen | undefined, text: string, liveUntilMs: number) {
    try {
      const { changes } =
        seen === undefined
          ? this.#insert.run(name, text, liveUntilMs)
          : this.#update.run(text, liveUntilMs, name, seen.version as number)
      return changes === 1 ? 'swapped' : 'moved'
    } catch (error) {
      const isFull = error instanceof Error && 'errcode' in error && error.errcode === SQLITE_FULL
      throw isFull ? new StoreFull('the SQLite file cannot grow', { cause: error }) : error
    }
  }

  async countLive(kind: string, nowMs: number): Promise<number> {
    // `/` follows `.`: everything that begins with the kind and a dot.
    return Number(this.#count.get(`${kind}.`, `${kind}/`, nowMs)?.['users'] ?? 0)
  }

  async ping(): Promise<void> {
    this.#select.get('')
  }

  async close(): Promise<void> {
    this.#database.close()
  }
}

import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { EXIT, StillinError } from '#contract/errors.ts'
import { LAB, labUserId } from '#contract/lab.ts'
import type { User } from '../credentials/credential-strategy.ts'
import { hashPassword } from './password.ts'

/** Nodes that start together wait for the one that fills the directory. */
const BUSY_TIMEOUT_MS = 5_000

const SCHEMA = `CREATE TABLE IF NOT EXISTS users (
  id TEXT PRIMARY KEY,
  role TEXT NOT NULL,
  password_hash TEXT NOT NULL
) STRICT, WITHOUT ROWID`

/** A user as the directory keeps it. */
export interface DirectoryEntry extends User {
  readonly passwordHash: string
}

/** Who exists, and their passwords: one SQLite file for all nodes of a host, asked at login only. */
export class UserDirectory {
  readonly #database: DatabaseSync
  readonly #byId: StatementSync

  /**
   * Opens the directory and fills it with lab users when it is empty.
   * @throws StillinError (usage) when the file cannot be opened.
   */
  constructor(file: string, labUsers: number) {
    try {
      this.#database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS })
      this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
      fill(this.#database, labUsers)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      throw new StillinError(`STILLIN_DIRECTORY_FILE: ${file}: ${why}`, {
        exitCode: EXIT.usage,
        cause: error,
      })
    }
    this.#byId = this.#database.prepare('SELECT role, password_hash FROM users WHERE id = ?')
  }

  find(id: string): DirectoryEntry | undefined {
    const row = this.#byId.get(id)
    if (row === undefined) return undefined
    return { id, role: String(row['role']), passwordHash: String(row['password_hash']) }
  }

  close(): void {
    this.#database.close()
  }
}

/** `user-1` is the administrator. All lab users share one hash of the lab's well-known password. */
function fill(database: DatabaseSync, labUsers: number): void {
  database.exec('BEGIN IMMEDIATE')
  database.exec(SCHEMA)
  const count = database.prepare('SELECT count(*) AS users FROM users').get()
  if (Number(count?.['users']) === 0) {
    const passwordHash = hashPassword(LAB.password)
    const insert = database.prepare('INSERT INTO users (id, role, password_hash) VALUES (?, ?, ?)')
    for (let index = 0; index < labUsers; index += 1)
      insert.run(labUserId(index), index === 0 ? 'admin' : 'user', passwordHash)
  }
  database.exec('COMMIT')
}

import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { EXIT, StillinError } from '#contract/errors.ts'
import { LAB, labUserId } from '#contract/lab.ts'
import type { Role } from '#contract/node-admin.ts'
import { hashPassword } from './password.ts'
import type { DirectoryEntry, UserDirectory } from './user-directory.ts'

/** Nodes that start together wait for the one that fills the directory. */
const BUSY_TIMEOUT_MS = 5_000

const SCHEMA = `CREATE TABLE IF NOT EXISTS users (
  id TEXT PRIMARY KEY,
  role TEXT NOT NULL,
  password_hash TEXT NOT NULL
) STRICT, WITHOUT ROWID`

/** What files of the first version lack. */
const LATER_COLUMNS = ['banned INTEGER NOT NULL DEFAULT 0', 'version INTEGER NOT NULL DEFAULT 1']

/** One SQLite file for all nodes of a host. */
export class SqliteDirectory implements UserDirectory {
  readonly #database: DatabaseSync
  readonly #byId: StatementSync
  readonly #setPassword: StatementSync
  readonly #setBanned: StatementSync
  readonly #setRole: StatementSync

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
    this.#byId = this.#database.prepare('SELECT role, password_hash, banned, version FROM users WHERE id = ?')
    this.#setPassword = this.#change('password_hash = ?', 'version = ?')
    this.#setBanned = this.#change('banned = ?', 'banned <> ?')
    this.#setRole = this.#change('role = ?', 'role <> ?')
  }

  find(id: string): DirectoryEntry | undefined {
    const row = this.#byId.get(id)
    if (row === undefined) return undefined
    return {
      id,
      role: String(row['role']),
      passwordHash: String(row['password_hash']),
      banned: row['banned'] === 1,
      version: Number(row['version']),
    }
  }

  findAll(ids: readonly string[]): readonly (DirectoryEntry | undefined)[] {
    return ids.map((id) => this.find(id))
  }

  setPassword(id: string, passwordHash: string, version: number): boolean {
    return this.#setPassword.run(passwordHash, id, version).changes === 1
  }

  setBanned(id: string, banned: boolean): void {
    const value = banned ? 1 : 0
    this.#setBanned.run(value, id, value)
  }

  setRole(id: string, role: Role): void {
    this.#setRole.run(role, id, role)
  }

  close(): void {
    this.#database.close()
  }

  #change(assignment: string, condition: string): StatementSync {
    return this.#database.prepare(
      `UPDATE users SET ${assignment}, version = version + 1 WHERE id = ? AND ${condition}`,
    )
  }
}

/** `user-1` is the administrator. All lab users share one hash of the lab's well-known password. */
function fill(database: DatabaseSync, labUsers: number): void {
  database.exec('BEGIN IMMEDIATE')
  database.exec(SCHEMA)
  for (const column of LATER_COLUMNS) {
    const name = column.split(' ')[0] ?? ''
    const known = database.prepare("SELECT 1 FROM pragma_table_info('users') WHERE name = ?").get(name)
    if (known === undefined) database.exec(`ALTER TABLE users ADD COLUMN ${column}`)
  }
  const count = database.prepare('SELECT count(*) AS users FROM users').get()
  if (Number(count?.['users']) === 0) {
    const passwordHash = hashPassword(LAB.password)
    const insert = database.prepare('INSERT INTO users (id, role, password_hash) VALUES (?, ?, ?)')
    for (let index = 0; index < labUsers; index += 1)
      insert.run(labUserId(index), index === 0 ? 'admin' : 'user', passwordHash)
  }
  database.exec('COMMIT')
}

import { LAB, labUserIds } from '#contract/lab.ts'
import type { Role } from '#contract/node-admin.ts'
import { hashNewPassword } from './password.ts'
import type { PostgresAccess } from './postgres-access.ts'
import type { DirectoryEntry, UserDirectory } from './user-directory.ts'

const SCHEMA = `
CREATE TABLE IF NOT EXISTS stillin_users (
  id text COLLATE "C" PRIMARY KEY, role text NOT NULL, password_hash text NOT NULL,
  banned boolean NOT NULL DEFAULT false, version integer NOT NULL DEFAULT 1
)`

interface Row {
  id: string
  role: string
  password_hash: string
  banned: boolean
  version: number
}

/** A table that the nodes of several hosts share. What was acknowledged by one is what the next question of any finds. */
export class PostgresDirectory implements UserDirectory {
  readonly #access: PostgresAccess

  private constructor(access: PostgresAccess) {
    this.#access = access
  }

  /**
   * Makes the table where there is none, and fills it with lab users when it is empty. Closes nothing: others use the
   * access too.
   * @throws StillinError (unavailable) where no PostgreSQL answers in time.
   */
  static async open(access: PostgresAccess, labUsers: number): Promise<PostgresDirectory> {
    await access.prepare(SCHEMA)
    const { rows } = await access.ask<{ some: boolean }>(
      'any-user',
      'SELECT EXISTS (SELECT 1 FROM stillin_users) AS some',
      [],
    )
    if (rows[0]?.some !== true) await fill(access, labUsers)
    return new PostgresDirectory(access)
  }

  async find(id: string): Promise<DirectoryEntry | undefined> {
    const { rows } = await this.#access.ask<Row>(
      'find-user',
      'SELECT id, role, password_hash, banned, version FROM stillin_users WHERE id = $1',
      [id],
    )
    return rows[0] && toEntry(rows[0])
  }

  async findAll(ids: readonly string[]): Promise<readonly (DirectoryEntry | undefined)[]> {
    const { rows } = await this.#access.ask<Row>(
      'find-users',
      'SELECT id, role, password_hash, banned, version FROM stillin_users WHERE id = ANY($1)',
      [ids],
    )
    const byId = new Map(rows.map((row) => [row.id, toEntry(row)]))
    return ids.map((id) => byId.get(id))
  }

  async setPassword(id: string, passwordHash: string, version: number): Promise<boolean> {
    const { rowCount } = await this.#access.ask(
      'set-password',
      'UPDATE stillin_users SET password_hash = $2, version = version + 1 WHERE id = $1 AND version = $3',
      [id, passwordHash, version],
    )
    return rowCount === 1
  }

  async setBanned(id: string, banned: boolean): Promise<void> {
    await this.#access.ask(
      'set-banned',
      'UPDATE stillin_users SET banned = $2, version = version + 1 WHERE id = $1 AND banned <> $2',
      [id, banned],
    )
  }

  async setRole(id: string, role: Role): Promise<void> {
    await this.#access.ask(
      'set-role',
      'UPDATE stillin_users SET role = $2, version = version + 1 WHERE id = $1 AND role <> $2',
      [id, role],
    )
  }

  close(): Promise<void> {
    return this.#access.close()
  }
}

function toEntry({ id, role, password_hash: passwordHash, banned, version }: Row): DirectoryEntry {
  return { id, role, passwordHash, banned, version }
}

/** `user-1` is the administrator. All lab users share one hash; nodes that fill at the same time put in the same people. */
async function fill(access: PostgresAccess, labUsers: number): Promise<void> {
  const ids = labUserIds(0, labUsers)
  await access.ask(
    'fill-users',
    `INSERT INTO stillin_users (id, role, password_hash)
     SELECT id, CASE WHEN id = $2 THEN 'admin' ELSE 'user' END, $3 FROM unnest($1::text[]) AS id
     ON CONFLICT DO NOTHING`,
    [ids, ids[0] ?? '', await hashNewPassword(LAB.password)],
  )
}

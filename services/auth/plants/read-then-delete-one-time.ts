import { DatabaseSync } from 'node:sqlite'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock } from '../clock.ts'
import type { LinkPurpose, TakenLink } from '../one-time/one-time-store.ts'
import { SqliteOneTimeStore } from '../one-time/sqlite-one-time-store.ts'
import type { Plant } from './plant.ts'

const BUSY_TIMEOUT_MS = 5_000

/** Looks whether the link is there, and deletes it in another step, as with any driver that answers later. */
class ReadThenDeleteStore extends SqliteOneTimeStore {
  readonly #own: DatabaseSync
  readonly #now: () => number

  constructor(directoryFile: string, clock: Clock) {
    super(directoryFile, clock)
    this.#own = new DatabaseSync(directoryFile, { timeout: BUSY_TIMEOUT_MS })
    this.#now = () => clock.now()
  }

  override async takeLink(purpose: LinkPurpose, hash: string): Promise<TakenLink | undefined> {
    if (purpose !== 'sign-in') return super.takeLink(purpose, hash)
    const row = this.#own
      .prepare('SELECT user_id, version FROM links WHERE hash = ? AND expires_at > ?')
      .get(hash, this.#now())
    await nextTurn()
    this.#own.prepare('DELETE FROM links WHERE hash = ?').run(hash)
    return row && { userId: String(row['user_id']), version: Number(row['version']) }
  }

  override close(): void {
    this.#own.close()
    super.close()
  }
}

export const readThenDeleteOneTime: Plant = {
  oneTimeStore: (directoryFile, clock) => new ReadThenDeleteStore(directoryFile, clock),
}

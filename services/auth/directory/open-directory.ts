import type { Clock } from '../clock.ts'
import type { OneTimeStore } from '../one-time/one-time-store.ts'
import { PostgresOneTimeStore } from '../one-time/postgres-one-time-store.ts'
import { SqliteOneTimeStore } from '../one-time/sqlite-one-time-store.ts'
import type { Plant } from '../plants/plant.ts'
import type { DirectoryPlace } from './directory-place.ts'
import { postgresAccess } from './postgres-access.ts'
import { PostgresDirectory } from './postgres-directory.ts'
import { SqliteDirectory } from './sqlite-directory.ts'
import type { UserDirectory } from './user-directory.ts'

/** Who exists, and beside it what may be used once. */
export interface OpenDirectory {
  readonly directory: UserDirectory
  readonly oneTime: OneTimeStore
}

/** @throws StillinError where it cannot be opened. */
export async function openDirectory(
  place: DirectoryPlace,
  labUsers: number,
  clock: Clock,
  plant: Plant,
): Promise<OpenDirectory> {
  if (place.kind === 'sqlite')
    return {
      directory: new SqliteDirectory(place.file, labUsers),
      oneTime: plant.oneTimeStore?.(place.file, clock) ?? new SqliteOneTimeStore(place.file, clock),
    }
  const access = postgresAccess(place.url)
  try {
    const directory = await PostgresDirectory.open(access, labUsers)
    return { directory, oneTime: await PostgresOneTimeStore.open(access, clock) }
  } catch (error) {
    await access.close()
    throw error
  }
}

import { isAbsolute, join } from 'node:path'
import { EXIT, StillinError } from '#contract/errors.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import type { StoreServer } from './store-server.ts'

/**
 * A store without a server: a folder, or a SQLite file, in a temporary folder that goes with the lab; or at a path that
 * somebody named, which stays.
 * @throws StillinError for a path that is not absolute.
 */
export async function findFolder(name: 'file' | 'sqlite', path: string | undefined): Promise<StoreServer> {
  const version = name === 'sqlite' ? process.versions['sqlite'] : undefined
  const title = name === 'sqlite' ? `SQLite ${version} of this Node` : 'files'
  if (path !== undefined) {
    if (!isAbsolute(path))
      throw new StillinError(
        `STILLIN_STORE_URL: for store ${name} expected an absolute path, got "${path}"`,
        {
          exitCode: EXIT.usage,
        },
      )
    return {
      store: { name, url: path },
      version,
      origin: 'STILLIN_STORE_URL',
      description: `${title} at ${path} (STILLIN_STORE_URL)`,
      [Symbol.asyncDispose]: async () => {},
    }
  }
  const folder = await temporaryFolder()
  return {
    store: { name, url: join(folder.path, name === 'sqlite' ? 'sessions.sqlite' : 'sessions') },
    version,
    origin: 'folder',
    description: `${title} in a temporary folder`,
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  }
}

import { access, constants, stat } from 'node:fs/promises'
import { dirname, isAbsolute, join } from 'node:path'
import { EXIT, StillinError } from '#contract/errors.ts'
import { fileProblem } from '#contract/file-problem.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import type { StoreServer } from './store-server.ts'

/**
 * A store without a server: a folder, or a SQLite file, in a temporary folder that goes with the lab; or at a path that
 * somebody named, which stays.
 * @throws StillinError for a path that is not absolute, or where nothing can be kept.
 */
export async function findFolder(name: 'file' | 'sqlite', path: string | undefined): Promise<StoreServer> {
  const version = name === 'sqlite' ? process.versions['sqlite'] : undefined
  const title = name === 'sqlite' ? `SQLite ${version} of this Node` : 'files'
  if (path !== undefined) {
    if (!isAbsolute(path))
      throw new StillinError(
        `STILLIN_STORE_URL: for store ${name} expected an absolute path, got "${path}"`,
        { exitCode: EXIT.usage },
      )
    await demandPlace(name, path)
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

/** Said here, where nothing runs yet: nodes would only fail to become ready. */
async function demandPlace(name: 'file' | 'sqlite', path: string): Promise<void> {
  try {
    if (name === 'sqlite' && (await isFolder(path)))
      throw new Error('it is a folder, and SQLite wants a file')
    const folder = name === 'sqlite' ? dirname(path) : await nearestThatExists(path)
    if (!(await stat(folder)).isDirectory()) throw new Error(`${folder} is no folder`)
    await access(folder, constants.W_OK)
  } catch (error) {
    throw new StillinError(
      `STILLIN_STORE_URL: for store ${name} nothing can be kept at ${path}: ${fileProblem(error)}`,
      { exitCode: EXIT.usage, hint: 'Correct it, or leave it out: a temporary folder will do.' },
    )
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}

/** Nodes make the folders that are missing. */
async function nearestThatExists(path: string): Promise<string> {
  for (let at = path; ; at = dirname(at)) {
    const isThere = await stat(at).then(
      () => true,
      () => false,
    )
    if (isThere || at === dirname(at)) return at
  }
}

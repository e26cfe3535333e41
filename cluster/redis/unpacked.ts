import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isExecutable } from '../find-program.ts'
import { SERVER_PROGRAMS } from './find-on-path.ts'
import type { RedisProgram } from './launch.ts'

/** Where a fetched Redis is unpacked. */
export function unpackedRoot(cacheFolder: string): string {
  return join(cacheFolder, 'redis', 'root')
}

/** The server of an unpacked distribution package, told where the libraries that came with it are. */
export async function unpackedProgram(
  root: string,
  origin: RedisProgram['origin'],
): Promise<RedisProgram | undefined> {
  for (const name of SERVER_PROGRAMS) {
    const file = join(root, 'usr/bin', name)
    if (!(await isExecutable(file))) continue
    return { origin, file, environment: await librariesOf(root) }
  }
  return undefined
}

/** Where the libraries of an unpacked package are, as its programs are told. */
export async function librariesOf(root: string): Promise<{ LD_LIBRARY_PATH: string }> {
  const folders = ['usr/lib', 'lib'].map((folder) => join(root, folder))
  const libraries = await Promise.all(folders.map(withSubfolders))
  return { LD_LIBRARY_PATH: libraries.flat().join(':') }
}

/** Debian keeps libraries one level down, in a folder named for the architecture. */
async function withSubfolders(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const below = entries.filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name))
  return entries.length === 0 ? [] : [folder, ...below]
}

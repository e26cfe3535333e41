import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const HERE = fileURLToPath(import.meta.url)

/** The folder that holds the rooms: the clone, or `dist` of a published package. */
export const PROJECT_ROOT = join(HERE, '..', '..')

/**
 * The absolute path of a process's first file, e.g. `entryPoint('services/auth/main')`.
 * The extension is this file's own: `.ts` in the clone, `.js` in a published package.
 */
export function entryPoint(path: string): string {
  return join(PROJECT_ROOT, path) + extname(HERE)
}

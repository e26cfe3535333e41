import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { delimiter, isAbsolute, join } from 'node:path'

/** The absolute path of the first executable of that name in `path` (as in $PATH); undefined when there is none. */
export async function findProgram(name: string, path: string): Promise<string | undefined> {
  for (const folder of path.split(delimiter)) {
    // A relative entry would make the answer depend on where the command was called.
    if (!isAbsolute(folder)) continue
    const file = join(folder, name)
    if (await isExecutable(file)) return file
  }
  return undefined
}

/** Is there a regular file that this user may run? */
export async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK)
    return (await stat(file)).isFile()
  } catch {
    return false
  }
}

import { readFileSync } from 'node:fs'
import { EXIT, StillinError } from '#contract/errors.ts'
/** Where the user directory is: a file that the nodes of one host share, or a server that those of several do. */
export type DirectoryPlace =
  | { readonly kind: 'sqlite'; readonly file: string }
  | { readonly kind: 'postgres'; readonly url: string }

interface DirectorySettings {
  readonly STILLIN_DIRECTORY_FILE?: string
  readonly STILLIN_DIRECTORY_URL?: string
  readonly STILLIN_DIRECTORY_URL_FILE?: string
  readonly STILLIN_DIRECTORY_PASSWORD_FILE?: string
}

/** A server wins over a file. @throws StillinError (usage) naming the variable that is wrong, or missing. */
export function readDirectoryPlace(settings: DirectorySettings): DirectoryPlace {
  const {
    STILLIN_DIRECTORY_FILE: file,
    STILLIN_DIRECTORY_URL: plain,
    STILLIN_DIRECTORY_URL_FILE: urlFile,
    STILLIN_DIRECTORY_PASSWORD_FILE: passwordFile,
  } = settings
  if (plain !== undefined && urlFile !== undefined)
    throw usage('STILLIN_DIRECTORY_URL: set either it or STILLIN_DIRECTORY_URL_FILE')
  const url = plain ?? (urlFile === undefined ? undefined : readSecret('STILLIN_DIRECTORY_URL_FILE', urlFile))
  if (url === undefined) {
    if (file === undefined)
      throw usage('STILLIN_DIRECTORY_FILE: set it to a SQLite file, or STILLIN_DIRECTORY_URL to a PostgreSQL')
    return { kind: 'sqlite', file }
  }
  const address = URL.parse(url)
  // Its text may hold a password, and is not repeated.
  if (!/^postgres(ql)?:$/.test(address?.protocol ?? '') || address === null)
    throw usage('STILLIN_DIRECTORY_URL: expected postgres://user@host:port/database')
  if (passwordFile !== undefined && address.password === '')
    address.password = encodeURIComponent(readSecret('STILLIN_DIRECTORY_PASSWORD_FILE', passwordFile))
  return { kind: 'postgres', url: address.href }
}

function readSecret(name: string, file: string): string {
  try {
    const text = readFileSync(file, 'utf8').trim()
    if (text !== '') return text
  } catch (error) {
    throw usage(`${name}: ${error instanceof Error ? error.message : String(error)}`)
  }
  throw usage(`${name}: ${file} is empty`)
}

function usage(message: string): StillinError {
  return new StillinError(message, { exitCode: EXIT.usage })
}

/** Why a file could not be read or written, or holds no JSON: in words, on one line. */
export function fileProblem(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code
  const words = typeof code === 'string' ? WORDS[code] : undefined
  if (words !== undefined) return words
  const message = error instanceof Error ? error.message : String(error)
  const text = message.replaceAll(/\s+/g, ' ')
  return error instanceof SyntaxError ? `it is not JSON (${text})` : text
}

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is no folder',
  EEXIST: 'a file is in the way',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'it lies on a read-only file system',
  ENOSPC: 'no space is left',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its links lead in a circle',
}

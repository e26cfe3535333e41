import { readFile } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'

/**
 * The commit a working tree stands on, read from its `.git` without running git (works in linked worktrees, on a
 * branch or detached); null where there is none. Whether files were changed since is for whoever may run git to say.
 */
export async function readGitCommit(root: string): Promise<string | null> {
  const gitDir = await findGitDir(root)
  if (gitDir === null) return null
  const head = (await readText(join(gitDir, 'HEAD'))).trim()
  const ref = /^ref: (.+)$/.exec(head)?.[1]
  if (ref === undefined) return isSha(head) ? head : null
  const common = (await readText(join(gitDir, 'commondir'))).trim()
  const shared = common === '' ? gitDir : isAbsolute(common) ? common : join(gitDir, common)
  for (const folder of [gitDir, shared]) {
    const sha = (await readText(join(folder, ref))).trim()
    if (isSha(sha)) return sha
  }
  const packed = (await readText(join(shared, 'packed-refs')))
    .split('\n')
    .find((line) => line.endsWith(` ${ref}`))
  const sha = packed?.split(' ', 1)[0] ?? ''
  return isSha(sha) ? sha : null
}

async function findGitDir(root: string): Promise<string | null> {
  const path = join(root, '.git')
  if ((await readText(join(path, 'HEAD'))) !== '') return path
  // A linked worktree has a file that names the folder.
  const linked = /^gitdir: (.+)$/m.exec(await readText(path))?.[1]
  if (linked === undefined) return null
  return isAbsolute(linked) ? linked : join(root, linked)
}

const isSha = (text: string): boolean => /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(text)

async function readText(path: string): Promise<string> {
  return await readFile(path, 'utf8').catch(() => '')
}

import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ClusterFile } from '#contract/control.ts'
import { EXIT, StillinError } from '#contract/errors.ts'

/** Relative to the folder in which `stillin up` was called. */
export const CLUSTER_FILE = join('.stillin', 'cluster.json')

/** A running cluster's file, and where it was found. */
export interface FoundCluster {
  readonly path: string
  readonly cluster: ClusterFile
}

/** Looks in the folder and in those above it. @throws StillinError when a file is there and cannot be read. */
export async function findClusterFile(folder: string): Promise<FoundCluster | undefined> {
  const path = join(folder, CLUSTER_FILE)
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw new StillinError(`${path} cannot be read (${error.code})`, { cause: error })
  })
  if (text !== undefined) return { path, cluster: parse(path, text) }
  const above = dirname(folder)
  return above === folder ? undefined : findClusterFile(above)
}

/** Writes the file for other commands to find, readable by this user only. Disposing removes it, if it is still ours. */
export async function writeClusterFile(folder: string, cluster: ClusterFile): Promise<AsyncDisposable> {
  const path = join(folder, CLUSTER_FILE)
  const text = `${JSON.stringify(cluster)}\n`
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const partial = `${path}.${process.pid}.partial`
  await writeFile(partial, text, { mode: 0o600 })
  await rename(partial, path)
  return {
    [Symbol.asyncDispose]: async () => {
      if ((await readFile(path, 'utf8').catch(() => '')) === text) await rm(path, { force: true })
    },
  }
}

function parse(path: string, text: string): ClusterFile {
  try {
    const value = JSON.parse(text) as ClusterFile
    if (typeof value.control.url === 'string' && typeof value.control.token === 'string') return value
  } catch {
    // Said below, in the same words.
  }
  throw new StillinError(`${path} is not a cluster's file`, {
    exitCode: EXIT.usage,
    hint: 'Remove it and start the cluster again with `stillin up`.',
  })
}

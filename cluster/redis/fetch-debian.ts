import { randomBytes } from 'node:crypto'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { runProgram } from './run-program.ts'

export interface DebianTools {
  readonly aptGet: string
  readonly dpkg: string
}

const SIMULATE_MS = 20_000
const UPDATE_MS = 60_000
const DOWNLOAD_MS = 40_000
const UNPACK_MS = 20_000
/** Never beside the system's own loader; nor 100 MB for compiling what PostgreSQL does without. */
const UNWANTED = /^(libc6|libc-bin|libllvm)/

/** What is fetched, and where it is kept. */
export interface DebianPackage {
  /** In the cache. */
  readonly folder: string
  readonly name: string
  /** What is worth unpacking beside it; the rest (adduser, lsb-base…) serves an installation. */
  readonly wanted: RegExp
}

export const REDIS_PACKAGE: DebianPackage = {
  folder: 'redis',
  name: 'redis-server',
  wanted: /^(redis|valkey|lib|lua-)/,
}

/**
 * Unpacks the distribution's package and the libraries it lacks into `root`, as any user, changing nothing of the
 * system: apt verifies the signatures as always, but keeps its lists and downloads under `cacheFolder`.
 * The system's package lists are used where they serve; otherwise fresh ones are fetched.
 */
export async function fetchDebian(
  what: DebianPackage,
  tools: DebianTools,
  cacheFolder: string,
  root: string,
  signal?: AbortSignal,
): Promise<void> {
  const work = join(cacheFolder, what.folder, `fetch-${randomBytes(6).toString('hex')}`)
  const downloads = join(work, 'downloads')
  const fetched = join(work, 'root')
  try {
    await mkdir(join(work, 'lists/partial'), { recursive: true })
    await mkdir(join(work, 'cache/archives/partial'), { recursive: true })
    await mkdir(join(work, 'state'), { recursive: true })
    await mkdir(downloads)
    await mkdir(fetched)
    await download(what, tools.aptGet, work, downloads, signal)
    for (const name of (await readdir(downloads)).filter((entry) => entry.endsWith('.deb'))) {
      await runProgram(tools.dpkg, ['-x', join(downloads, name), fetched], { timeoutMs: UNPACK_MS, signal })
    }
    // Whoever is first wins; what is there already was unusable, or the same.
    await rm(root, { recursive: true, force: true })
    await rename(fetched, root)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function download(
  what: DebianPackage,
  aptGet: string,
  work: string,
  downloads: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const own = ownLists(work)
  try {
    await downloadWith(what, aptGet, keepOut(work), downloads, signal)
  } catch {
    signal?.throwIfAborted()
    // No lists, or ones so old that they name packages which are gone.
    await runProgram(aptGet, [...own, '-q', 'update'], { timeoutMs: UPDATE_MS, signal })
    await downloadWith(what, aptGet, own, downloads, signal)
  }
}

async function downloadWith(
  what: DebianPackage,
  aptGet: string,
  options: readonly string[],
  downloads: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const simulated = await runProgram(
    aptGet,
    [...options, '--simulate', '--no-install-recommends', 'install', what.name],
    { timeoutMs: SIMULATE_MS, signal },
  )
  const names = [...simulated.stdout.matchAll(/^Inst (\S+)/gm)]
    .map((match) => match[1] ?? '')
    .filter((name) => what.wanted.test(name) && !UNWANTED.test(name))
  if (names.length === 0) throw new Error('apt-get names no package to fetch')
  await runProgram(aptGet, [...options, '-q', 'download', ...names], {
    timeoutMs: DOWNLOAD_MS,
    cwd: downloads,
    signal,
  })
}

/** Everything apt-get writes goes under `work`; no lock of the system's is taken. */
function keepOut(work: string): string[] {
  return [
    `Dir::Cache=${join(work, 'cache')}`,
    'Dir::Cache::pkgcache=',
    'Dir::Cache::srcpkgcache=',
    'Debug::NoLocking=1',
    // The user that root drops to cannot write to folders of this user.
    'APT::Sandbox::User=',
    'Acquire::http::Timeout=10',
    'Acquire::https::Timeout=10',
    'Acquire::Retries=1',
  ].flatMap((option) => ['-o', option])
}

function ownLists(work: string): string[] {
  const options = [
    `Dir::State=${join(work, 'state')}`,
    `Dir::State::Lists=${join(work, 'lists')}`,
    'Dir::State::status=/var/lib/dpkg/status',
    'Acquire::Languages=none',
  ]
  return [...keepOut(work), ...options.flatMap((option) => ['-o', option])]
}

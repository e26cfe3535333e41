import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { MachineFinding } from '#contract/machine.ts'
import { CHROMIUM_PROGRAMS } from '../chromium/find-chromium.ts'
import { searchPath } from '../config.ts'
import { PROJECT_ROOT } from '../entry-point.ts'
import { examineCompose, examineDocker } from './examine-docker.ts'
import { examineProgram, type KnownProgram } from './examine-program.ts'
import { examineRedis } from './examine-redis.ts'

/** Distributions keep servers where an ordinary user's PATH does not lead. */
const SERVER_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin']
const DEBIAN_POSTGRES = '/usr/lib/postgresql'

const PROGRAMS: readonly KnownProgram[] = [
  {
    name: 'k6',
    package: 'k6',
    files: ['k6'],
    versionArgs: ['version'],
    neededFor: 'k6 run k6/lookup.js',
    elsewhere: 'go install go.k6.io/k6@latest',
  },
  {
    name: 'Chromium',
    package: 'chromium',
    files: CHROMIUM_PROGRAMS,
    versionArgs: ['--version'],
    neededFor: 'stillin report --format png; npm run test:browser',
  },
  {
    name: 'HAProxy',
    package: 'haproxy',
    files: ['haproxy'],
    versionArgs: ['-v'],
    neededFor: 'a column in stillin bench --proxies',
  },
  {
    name: 'nginx',
    package: 'nginx',
    files: ['nginx'],
    versionArgs: ['-v'],
    neededFor: 'a column in stillin bench --proxies',
  },
  {
    name: 'Memcached',
    package: 'memcached',
    files: ['memcached'],
    fetched: true,
    versionArgs: ['--version'],
    neededFor: 'Memcached as the store of sessions: --store memcached',
  },
  {
    name: 'PostgreSQL',
    package: 'postgres',
    files: ['postgres'],
    fetched: true,
    versionArgs: ['--version'],
    neededFor: 'PostgreSQL as the store of sessions: --store postgres',
  },
  {
    name: 'perf',
    package: 'perf',
    files: ['perf'],
    versionArgs: ['--version'],
    neededFor: 'looking by hand at where a node spends its time; no figure needs it',
  },
]

/** Every program that stillin can use, in the order of how much depends on it. Nothing is started or changed. */
export async function examineTools(
  redisUrl: string | undefined,
  path = searchPath(),
): Promise<readonly MachineFinding[]> {
  const wide = [path, ...SERVER_FOLDERS, ...(await postgresFolders())].join(':')
  return Promise.all([
    examineRedis(redisUrl, path, join(PROJECT_ROOT, '.cache')),
    examineDocker(path),
    examineCompose(path),
    ...PROGRAMS.map((program) => examineProgram(program, wide)),
  ])
}

/** Debian keeps each version in a folder of its own; the newest first. */
async function postgresFolders(): Promise<string[]> {
  const versions = await readdir(DEBIAN_POSTGRES).catch(() => [])
  return versions
    .toSorted((a, b) => Number(b) - Number(a))
    .map((version) => join(DEBIAN_POSTGRES, version, 'bin'))
}

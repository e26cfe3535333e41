import { randomBytes } from 'node:crypto'
import { chown, readdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Client } from 'pg'
import type { Probe } from '../redis/probe.ts'
import { runProgram } from '../redis/run-program.ts'
import type { KnownServer, ServerPlace, ServerStart } from './known-server.ts'

const ANSWER_MS = 1_500
const INITDB_MS = 30_000
const USER = 'stillin'
/** Sixteen nodes with ten connections each, and who looks on. */
const CONNECTIONS_MAX = 200

/** A real PostgreSQL as it comes, durable writes included, with a password that only this lab knows. */
export const POSTGRES: KnownServer = {
  name: 'postgres',
  title: 'PostgreSQL',
  program: 'postgres',
  package: { folder: 'postgres', name: 'postgresql', wanted: /^(postgresql-\d|lib)/ },
  folders: versionFolders,
  shape: /^postgres(ql)?:\/\/\S+$/,
  example: 'postgres://user:password@127.0.0.1:5432/database',
  probe: probePostgres,
  prepare,
}

/** Debian keeps each version in a folder of its own; the newest first. */
async function versionFolders(root: string): Promise<readonly string[]> {
  const parent = join(root, 'usr/lib/postgresql')
  const versions = await readdir(parent).catch(() => [])
  return versions.toSorted((a, b) => Number(b) - Number(a)).map((version) => join(parent, version, 'bin'))
}

async function probePostgres(url: string): Promise<Probe> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: ANSWER_MS,
    query_timeout: ANSWER_MS,
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version')
    const version = rows[0]?.server_version.split(' ')[0]
    return version === undefined ? { problem: 'it names no version' } : { version }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  } finally {
    client.end().catch(() => undefined)
  }
}

async function prepare({ file, folder, port, environment, user, signal }: ServerPlace): Promise<ServerStart> {
  const password = randomBytes(16).toString('hex')
  const passwordFile = join(folder, 'password')
  const data = join(folder, 'data')
  await writeFile(passwordFile, password, { mode: 0o600 })
  if (user !== undefined) await chown(passwordFile, user.uid, user.gid)
  // Not flushed to disk: what is lost in a power cut here is an empty database.
  const made = ['--pgdata', data, '--username', USER, '--pwfile', passwordFile, '--auth', 'scram-sha-256']
  const kind = ['--encoding', 'UTF8', '--locale', 'C', '--no-sync', '--no-instructions']
  await runProgram(join(dirname(file), 'initdb'), [...made, ...kind], {
    timeoutMs: INITDB_MS,
    cwd: folder,
    environment,
    user,
    signal,
  })
  await rm(passwordFile)
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: CONNECTIONS_MAX,
    // In its own folder, so that nothing is left in the system's when it is killed.
    dynamic_shared_memory_type: 'mmap',
  }
  return {
    args: ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    url: `postgres://${USER}:${password}@127.0.0.1:${port}/postgres`,
    // Does not wait for its clients to leave.
    endSignal: 'SIGINT',
  }
}

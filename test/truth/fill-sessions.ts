/** Fills one subject of session-memory.ts and prints what it weighs, a line a reading. */

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { Client as Postgres } from 'pg'
import { provideRedis } from '#cluster/redis/provide-redis.ts'
import type { StoreInstead } from '#contract/stores.ts'
import { systemClock } from '#services/auth/clock.ts'
import { GuardedRecords } from '#services/auth/records/guarded-records.ts'
import { openRecords } from '#services/auth/records/open-records.ts'
import { CachedRedisStore } from '#services/auth/sessions/cached-redis-store.ts'
import { MemoryStore } from '#services/auth/sessions/memory-store.ts'
import { RecordStore } from '#services/auth/sessions/record-store.ts'
import { RedisConnection } from '#services/auth/sessions/redis-connection.ts'
import { RedisStore } from '#services/auth/sessions/redis-store.ts'
import { Replica } from '#services/auth/sessions/replication/replica.ts'
import { hashSessionId, newSessionId } from '#services/auth/sessions/session-id.ts'
import type { Session } from '#services/auth/sessions/session-store.ts'
import { Denylist } from '#services/auth/tokens/denylist.ts'
import { KnownRevocations } from '#services/auth/tokens/known-revocations.ts'

const COUNTS = [10_000, 100_000, 1_000_000]
const AT_ONCE = 200
const TIME_MAX_MS = 600_000
const DAY_MS = 86_400_000
const clock = systemClock()
const bounds = { maxSessions: 2e6, maxBytes: 8e9, whenFull: 'refuse' } as const
const startedAtMs = performance.now()

interface Subject {
  add(index: number): Promise<void> | void
  /** Bytes it holds now. */
  weigh(): Promise<number> | number
  readonly unit: string
}

function session(index: number): Session {
  const deadlineMs = clock.now() + DAY_MS
  const userId = `user-${index}`
  const loginAt = new Date(clock.now()).toISOString()
  return {
    id: newSessionId('redis', userId, deadlineMs),
    userId,
    role: 'user',
    loginAt,
    epoch: 0,
    deadlineMs,
  }
}

/** Heap and buffers of this process, after two collections. */
function heapBytes(): number {
  globalThis.gc?.()
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

const inHeap = (add: Subject['add']): Subject => ({ add, weigh: heapBytes, unit: 'B of heap' })

async function redisSubject(name: string): Promise<Subject> {
  const server = await provideRedis()
  if (server === undefined) throw new Error('no Redis')
  const connection = new RedisConnection(server.url, 20_000, () => undefined)
  await connection.connect()
  const probe = new Redis(server.url)
  const usedBytes = async () => Number(/used_memory:(\d+)/.exec(await probe.info('memory'))?.[1])
  const inRedis = { weigh: usedBytes, unit: 'B in Redis' }
  if (name === 'jwt-denylist') {
    const denylist = new Denylist(connection)
    const exp = Math.floor((clock.now() + DAY_MS) / 1000)
    const claims = (index: number) => ({ sub: `user-${index}`, sid: crypto.randomUUID(), epoch: 0, exp })
    return {
      ...inRedis,
      unit: 'B in Redis a revoked login',
      add: (index) => denylist.revokeLogin(claims(index)),
    }
  }
  const store = new RedisStore(connection, clock, DAY_MS)
  const create = async (index: number) => {
    const { userId } = session(index)
    const made = { ...session(index), epoch: await store.epochOf(userId) }
    await store.create(made)
    return made
  }
  if (name === 'redis') return { ...inRedis, add: async (index) => void (await create(index)) }
  const cached = new CachedRedisStore({
    url: server.url,
    connection,
    store,
    clock,
    idleMs: DAY_MS,
    boundMs: 60_000,
    timeoutMs: 20_000,
    maxSessions: 2e6,
    countCommands: () => undefined,
  })
  await cached.connect()
  return inHeap(async (index) => void (await cached.read((await create(index)).id)))
}

async function recordSubject(name: StoreInstead['name']): Promise<Subject> {
  const folder = mkdtempSync(join(tmpdir(), 'stillin-memory-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  const urls = {
    file: folder,
    sqlite: join(folder, 'sessions.sqlite'),
    memcached: process.env['MEMCACHED_URL'],
    postgres: process.env['STILLIN_POSTGRES_URL'],
  }
  const url = urls[name]
  if (url === undefined) throw new Error(`${name}: name one by its variable`)
  const records = new GuardedRecords(await openRecords({ name, url }, 20_000), {
    timeoutMs: 20_000,
    countCommands: () => undefined,
  })
  const store = new RecordStore(records, clock, DAY_MS)
  const add = async (index: number) => {
    const made = session(index)
    await store.create({ ...made, epoch: await store.epochOf(made.userId) })
  }
  const weigh = async (): Promise<number> => {
    if (name === 'memcached') return memcachedBytes(new URL(url))
    if (name === 'postgres') {
      const client = new Postgres({ connectionString: url })
      await client.connect()
      const { rows } = await client.query('SELECT pg_database_size(current_database()) AS bytes')
      await client.end()
      return Number(rows[0].bytes)
    }
    return Number(execFileSync('du', ['-sB1', folder], { encoding: 'utf8' }).split('\t')[0])
  }
  return { add, weigh, unit: name === 'memcached' ? 'B in memcached' : 'B on disk' }
}

/** What its items weigh; says so when some had to go. */
async function memcachedBytes({ hostname, port }: URL): Promise<number> {
  const socket = connect(Number(port), hostname)
  socket.write('stats\r\n')
  let text = ''
  for await (const chunk of socket) {
    text += chunk
    if (text.endsWith('END\r\n')) break
  }
  const evicted = Number(/STAT evictions (\d+)/.exec(text)?.[1])
  if (evicted > 0) console.log(`${evicted} sessions were evicted: the store was full`)
  return Number(/STAT bytes (\d+)/.exec(text)?.[1])
}

function subjectNamed(name: string): Promise<Subject> | Subject {
  switch (name) {
    case 'local': {
      const store = new MemoryStore(clock, DAY_MS, bounds)
      return inHeap(async (index) => {
        await store.create(session(index))
      })
    }
    case 'replicated': {
      const replica = new Replica(clock, bounds)
      return inHeap((index) => {
        const { id, ...rest } = session(index)
        const [key, version, writer] = [hashSessionId(id), 1, 'node-1']
        replica.apply({ kind: 'session', key, ...rest, idleDeadlineMs: rest.deadlineMs, version, writer })
      })
    }
    case 'jwt-pushed': {
      const known = new KnownRevocations(DAY_MS)
      const endMs = clock.now() + DAY_MS
      const subject = inHeap(() => known.addLogin(crypto.randomUUID(), endMs))
      return { ...subject, unit: 'B of heap a revoked login' }
    }
    case 'redis':
    case 'redis-cached':
    case 'jwt-denylist':
      return redisSubject(name)
    default:
      return recordSubject(name as StoreInstead['name'])
  }
}

const subject = await subjectNamed(process.argv[2] ?? 'local')
// Code that runs for the first time allocates too.
for (let index = 0; index < 100; index += 1) await subject.add(-index - 1)
const empty = await subject.weigh()
let made = 0
for (const count of COUNTS) {
  while (made < count && performance.now() - startedAtMs < TIME_MAX_MS) {
    const batch = Math.min(AT_ONCE, count - made)
    await Promise.all(Array.from({ length: batch }, (_, place) => subject.add(made + place)))
    made += batch
  }
  if (made < count) {
    console.log(`${count} were not reached in ${TIME_MAX_MS / 1000} s`)
    break
  }
  console.log(JSON.stringify({ sessions: made, bytes: (await subject.weigh()) - empty, unit: subject.unit }))
}
process.exit(0)

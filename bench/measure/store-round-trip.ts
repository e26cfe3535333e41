import { once } from 'node:events'
import { connect } from 'node:net'
import { Client } from 'pg'
import { monotonicUs } from '#contract/clock.ts'
import { isServer, type StoreInstead } from '#contract/stores.ts'

const QUESTIONS = 200
/** The first ones pay for code that is not warm yet. */
const WARM_UP = 20
const ANSWER_MS = 2_000

/**
 * How far away a store that is not Redis is: the time of its simplest question and the answer, ms, one at a time over
 * one connection of its own (memcached: `version`; PostgreSQL: `SELECT 1`). Part of it is this process's own.
 * @returns null for a store without a server.
 * @throws where it does not answer within two seconds.
 */
export async function measureStoreRoundTrip(
  { name, url }: StoreInstead,
  questions: number = QUESTIONS,
): Promise<{ p50: number; p99: number } | null> {
  if (!isServer(name)) return null
  await using conversation = name === 'postgres' ? await withPostgres(url) : await withMemcached(url)
  const times: number[] = []
  for (let question = 0; question < WARM_UP + questions; question++) {
    const startUs = monotonicUs()
    await conversation.ask()
    if (question >= WARM_UP) times.push((monotonicUs() - startUs) / 1000)
  }
  times.sort((a, b) => a - b)
  return { p50: rank(times, 0.5), p99: rank(times, 0.99) }
}

interface Conversation extends AsyncDisposable {
  ask(): Promise<unknown>
}

async function withPostgres(url: string): Promise<Conversation> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: ANSWER_MS,
    query_timeout: ANSWER_MS,
  })
  await client.connect()
  return { ask: () => client.query('SELECT 1'), [Symbol.asyncDispose]: () => client.end() }
}

async function withMemcached(url: string): Promise<Conversation> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), noDelay: true })
  await once(socket, 'connect', { signal: AbortSignal.timeout(ANSWER_MS) })
  return {
    ask() {
      socket.write('version\r\n')
      return once(socket, 'data', { signal: AbortSignal.timeout(ANSWER_MS) })
    },
    async [Symbol.asyncDispose]() {
      socket.destroy()
    },
  }
}

/** The smallest value that at least this share of all lie at or below. */
function rank(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}

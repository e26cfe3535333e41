import { setTimeout as delay } from 'node:timers/promises'
import { Pool, type QueryResult, type QueryResultRow } from 'pg'
import { EXIT, StillinError } from '#contract/errors.ts'
import { AnswerError } from '../errors.ts'

/** Questions to one PostgreSQL. */
export interface PostgresAccess {
  /**
   * Runs what makes tables, one node at a time, as soon as somebody answers.
   * @throws StillinError (unavailable) after half a minute, or at once where it refuses the user or the database.
   */
  prepare(schema: string): Promise<void>
  /**
   * One prepared statement. @param name each connection prepares it once, under this name.
   * @throws AnswerError directoryUnavailable where it does not answer in time.
   */
  ask<Row extends QueryResultRow>(
    name: string,
    text: string,
    values: readonly unknown[],
  ): Promise<QueryResult<Row>>
  close(): Promise<void>
}

const CONNECTIONS_MAX = 10
/** Logins wait for it; a password check takes 12 ms. */
const ANSWER_MS = 2_000
/** It may be started together with the nodes. */
const START_MS = 30_000
const RETRY_MS = 250
/** SQLSTATE classes and codes of what waiting will not mend: the password, the user, the database, the rights. */
const FOR_GOOD = /^(28|3D|42)/

/** Opens no connection yet. @param url with the password, where it wants one. */
export function postgresAccess(url: string): PostgresAccess {
  const pool = new Pool({
    connectionString: url,
    max: CONNECTIONS_MAX,
    connectionTimeoutMillis: ANSWER_MS,
    query_timeout: ANSWER_MS,
    idleTimeoutMillis: 0,
    keepAlive: true,
  })
  // A lost connection is told by the question that fails on it; without a listener it would end the process.
  pool.on('error', () => undefined)
  let isClosed = false
  return {
    async prepare(schema) {
      const deadlineMs = performance.now() + START_MS
      for (;;) {
        try {
          return await inTransaction(pool, `SELECT pg_advisory_xact_lock(7092); ${schema}`)
        } catch (error) {
          const { message, code = '' } = error as Error & { code?: string }
          if (FOR_GOOD.test(code) || performance.now() > deadlineMs)
            throw new StillinError(`STILLIN_DIRECTORY_URL: ${message}`, {
              exitCode: EXIT.unavailable,
              cause: error,
            })
          await delay(RETRY_MS)
        }
      }
    },
    async ask<Row extends QueryResultRow>(name: string, text: string, values: readonly unknown[]) {
      try {
        return await pool.query<Row>({ name: `stillin-${name}`, text, values: [...values] })
      } catch (cause) {
        throw new AnswerError('directoryUnavailable', { cause })
      }
    },
    async close() {
      if (isClosed) return
      isClosed = true
      await pool.end()
    },
  }
}

async function inTransaction(pool: Pool, statements: string): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query(`BEGIN; ${statements}; COMMIT`)
    client.release()
  } catch (error) {
    // It may stand in the middle of the transaction.
    client.release(true)
    throw error
  }
}

import type { DashboardRate } from '#contract/dashboard.ts'
import { HEADERS } from '#contract/headers.ts'
import { ROUTES } from '#contract/routes.ts'
import { movedPin, type Person, throughProxy } from './load-people.ts'

const TICK_MS = 50
const REQUEST_MS = 2_000
const CONNECTIONS = 16
const IN_FLIGHT_MAX = 300

/** Answers since the last `take`. */
export interface LoadWindow {
  ok: number
  refused: number
  failed: number
  p50Ms: number | null
  slowestMs: number | null
}

/** Requests at a rate, each in the name of the next person, through the proxy. */
export interface LoadGenerator extends AsyncDisposable {
  setRate(rate: DashboardRate): void
  take(): LoadWindow
}

/**
 * An open loop for the eye and not for figures to keep: it lives in control's process and shares its event loop.
 * What is due while 300 requests are under way is counted as failed, so nothing piles up.
 */
export function createLoadGenerator(
  proxyUrl: () => string | undefined,
  people: () => readonly Person[],
): LoadGenerator {
  let rate: DashboardRate = 0
  let timer: NodeJS.Timeout | undefined
  let debt = 0
  let lastTickMs = 0
  let turn = 0
  let inFlight = 0
  let window = emptyCounts()
  let pool: { origin: string; pool: import('undici').Pool } | undefined
  async function poolFor(origin: string): Promise<import('undici').Pool> {
    // Loaded when somebody first wants load: control's start is waited for by every run.
    const { Pool } = await import('undici')
    if (pool?.origin !== origin) {
      void pool?.pool.destroy()
      pool = { origin, pool: new Pool(origin, { connections: CONNECTIONS }) }
    }
    return pool.pool
  }
  async function send(person: Person, dueMs: number): Promise<void> {
    const origin = proxyUrl()
    if (origin === undefined || inFlight >= IN_FLIGHT_MAX) {
      window.failed += 1
      return
    }
    inFlight += 1
    try {
      const { statusCode, headers, body } = await (await poolFor(origin)).request({
        method: 'GET',
        path: ROUTES.me,
        headers: throughProxy(person),
        signal: AbortSignal.timeout(REQUEST_MS),
      })
      const answer = (await body.json()) as { id?: string }
      const pin = movedPin([headers['set-cookie'] ?? []].flat())
      if (pin !== undefined) {
        person.pin = pin
        person.pinnedTo = String(headers[HEADERS.servedBy] ?? person.pinnedTo)
      }
      if (statusCode === 401) window.refused += 1
      else if (statusCode === 200 && answer.id === person.userId) {
        window.ok += 1
        window.latenciesMs.push(performance.now() - dueMs)
      } else window.failed += 1
    } catch {
      window.failed += 1
    } finally {
      inFlight -= 1
    }
  }
  function tick(): void {
    const nowMs = performance.now()
    // A process that was held up owes at most a second.
    debt += (rate * Math.min(1_000, nowMs - lastTickMs)) / 1_000
    lastTickMs = nowMs
    const list = people()
    for (; debt >= 1; debt -= 1) {
      const person = list[turn % Math.max(1, list.length)]
      turn += 1
      if (person !== undefined) void send(person, nowMs)
    }
  }
  return {
    setRate(next) {
      rate = next
      clearInterval(timer)
      timer = undefined
      debt = 0
      lastTickMs = performance.now()
      if (rate > 0) timer = setInterval(tick, TICK_MS).unref()
    },
    take() {
      const { latenciesMs, ...counts } = window
      window = emptyCounts()
      const sorted = latenciesMs.toSorted((a, b) => a - b)
      return {
        ...counts,
        p50Ms: sorted[Math.ceil(sorted.length / 2) - 1] ?? null,
        slowestMs: sorted.at(-1) ?? null,
      }
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      await pool?.pool.destroy()
    },
  }
}

function emptyCounts(): { ok: number; refused: number; failed: number; latenciesMs: number[] } {
  return { ok: 0, refused: 0, failed: 0, latenciesMs: [] }
}

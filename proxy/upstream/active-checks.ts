import { type IncomingMessage, request } from 'node:http'
import { HEADERS, parseModeHeader } from '#contract/headers.ts'
import type { ProxySettings } from '../settings.ts'
import type { Ejection } from './ejection.ts'
import type { Pool } from './pool.ts'
import type { Upstream } from './upstream.ts'

interface CheckState {
  timer: NodeJS.Timeout | undefined
  passed: number
  failed: number
  abort: (() => void) | undefined
  /** Brought forward because traffic failed; once an interval. */
  hurried: boolean
  /** A check failed while traffic had it ejected: checks know of the failure too, and may end the ejection. */
  confirmed: boolean
}

/**
 * Asks every upstream for a sign of life on a connection of its own, so that accepting connections is tested too.
 * Down after so many failures in a row, up after so many successes; at the start one success is enough. While an
 * upstream is between the two it is asked more often, and traffic that fails brings the next check forward.
 *
 * A node that answers in an earlier mode than the proxy's has missed a switch (a container starts in the mode that its
 * file names): it would refuse logins that are good, and counts as down until control has told it.
 */
export class ActiveChecks {
  readonly #pool: Pool
  readonly #ejection: Ejection
  readonly #settings: ProxySettings['checks']
  readonly #random: () => number
  readonly #onDown: (upstream: Upstream) => void
  readonly #generation: () => number
  readonly #states = new Map<Upstream, CheckState>()

  /** @param generation the proxy's own; `onDown` is called when an upstream that was up is found down. */
  constructor(
    pool: Pool,
    ejection: Ejection,
    settings: ProxySettings['checks'],
    random: () => number,
    generation: () => number,
    onDown: (upstream: Upstream) => void,
  ) {
    this.#pool = pool
    this.#ejection = ejection
    this.#settings = settings
    this.#random = random
    this.#onDown = onDown
    this.#generation = generation
  }

  watch(upstream: Upstream): void {
    const state: CheckState = {
      timer: undefined,
      passed: 0,
      failed: 0,
      abort: undefined,
      hurried: false,
      confirmed: false,
    }
    this.#states.set(upstream, state)
    this.#check(upstream, state)
  }

  /** Traffic to it failed: the next check comes soon. */
  suspect(upstream: Upstream): void {
    const state = this.#states.get(upstream)
    if (!state || state.hurried || state.abort || upstream.checkedUp !== true) return
    state.hurried = true
    clearTimeout(state.timer)
    this.#checkAfter(upstream, state, this.#settings.transitionEveryMs)
  }

  forget(upstream: Upstream): void {
    const state = this.#states.get(upstream)
    if (!state) return
    this.#states.delete(upstream)
    clearTimeout(state.timer)
    state.abort?.()
  }

  close(): void {
    for (const upstream of [...this.#states.keys()]) this.forget(upstream)
  }

  #check(upstream: Upstream, state: CheckState): void {
    state.hurried = false
    const isFit = (answer: IncomingMessage): boolean =>
      isAlive(answer) && !isBehind(answer, this.#generation())
    state.abort = ask(upstream, this.#settings, isFit, (alive) => {
      state.abort = undefined
      if (this.#states.get(upstream) !== state) return
      this.#judge(upstream, state, alive)
      const { everyMs, startEveryMs, transitionEveryMs } = this.#settings
      const isChanging = upstream.checkedUp === true ? state.failed > 0 || state.confirmed : state.passed > 0
      const waitMs =
        upstream.checkedUp === undefined ? startEveryMs : isChanging ? transitionEveryMs : everyMs
      this.#checkAfter(upstream, state, Math.min(waitMs, everyMs))
    })
  }

  #checkAfter(upstream: Upstream, state: CheckState, waitMs: number): void {
    const spread = 1 + this.#settings.jitter * (2 * this.#random() - 1)
    state.timer = setTimeout(() => this.#check(upstream, state), waitMs * spread)
    state.timer.unref()
  }

  #judge(upstream: Upstream, state: CheckState, alive: boolean): void {
    state.passed = alive ? state.passed + 1 : 0
    state.failed = alive ? 0 : state.failed + 1
    const atStart = upstream.checkedUp === undefined
    state.confirmed = upstream.ejected && (state.confirmed || !alive)
    if (alive && upstream.checkedUp !== true && (atStart || state.passed >= this.#settings.upAfter)) {
      upstream.checkedUp = true
      upstream.ejections = 0
      if (!atStart || upstream.isLatecomer) upstream.backSinceMs = performance.now()
      this.#pool.note('up', upstream)
    } else if (state.confirmed && state.passed >= this.#settings.upAfter) {
      state.confirmed = false
      this.#ejection.readmit(upstream)
    } else if (!alive && upstream.checkedUp === true && state.failed >= this.#settings.downAfter) {
      upstream.checkedUp = false
      this.#ejection.supersede(upstream)
      this.#pool.note('down', upstream, `${state.failed} checks failed`)
      this.#onDown(upstream)
    }
  }
}

function isAlive({ statusCode = 0 }: IncomingMessage): boolean {
  return statusCode >= 200 && statusCode < 400
}

function isBehind({ headers }: IncomingMessage, generation: number): boolean {
  const mode = headers[HEADERS.mode]
  const named = typeof mode === 'string' ? parseModeHeader(mode) : undefined
  return named !== undefined && named.generation < generation
}

/** One check; `done` is called once unless the returned function was called before. */
function ask(
  upstream: Upstream,
  settings: ProxySettings['checks'],
  isFit: (answer: IncomingMessage) => boolean,
  done: (alive: boolean) => void,
): () => void {
  let over = false
  const finish = (alive: boolean): void => {
    if (over) return
    over = true
    clearTimeout(timer)
    check.destroy()
    done(alive)
  }
  const check = request({
    host: upstream.hostname,
    port: upstream.port,
    path: settings.path,
    agent: false,
    headers: { host: upstream.authority, connection: 'close' },
  })
  const timer = setTimeout(() => finish(false), settings.timeoutMs)
  check.on('response', (answer) => {
    answer.on('error', () => finish(false))
    finish(isFit(answer))
  })
  check.on('error', () => finish(false))
  check.end()
  return () => {
    over = true
    clearTimeout(timer)
    check.destroy()
  }
}

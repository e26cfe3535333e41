import type { Registry } from 'prom-client'
import type { Counters } from '../counters.ts'
import type { Pool } from '../upstream/pool.ts'
import type { Upstream } from '../upstream/upstream.ts'

/**
 * Prometheus metrics. The counts are kept by the proxy anyway and copied when somebody asks, so that a request pays
 * nothing for them; prom-client is loaded at the first scrape. Labels are upstream ids and fixed words only.
 */
export class MetricsReader {
  readonly #counters: Counters
  readonly #pool: Pool
  #registry: Promise<Registry> | undefined

  constructor(counters: Counters, pool: Pool) {
    this.#counters = counters
    this.#pool = pool
  }

  async read(): Promise<{ type: string; text: string }> {
    this.#registry ??= this.#register()
    const registry = await this.#registry
    return { type: registry.contentType, text: await registry.metrics() }
  }

  async #register(): Promise<Registry> {
    const { Counter, Gauge, Registry, collectDefaultMetrics } = await import('prom-client')
    const registry = new Registry()
    const counters = this.#counters
    const pool = this.#pool
    const total = (name: string, help: string, read: () => number): void => {
      const metric = new Counter({
        name: `stillin_proxy_${name}_total`,
        help,
        registers: [registry],
        collect() {
          metric.reset()
          metric.inc(read())
        },
      })
    }
    const ofUpstreams = (name: string, help: string) => ({
      name: `stillin_proxy_upstream_${name}`,
      help,
      labelNames: ['upstream'],
      registers: [registry],
    })
    const now = (name: string, help: string, read: (upstream: Upstream) => number): void => {
      const metric = new Gauge({
        ...ofUpstreams(name, help),
        collect() {
          metric.reset()
          for (const upstream of pool.members) metric.set({ upstream: upstream.id }, read(upstream))
        },
      })
    }
    const totalOf = (name: string, help: string, read: (upstream: Upstream) => number): void => {
      const metric = new Counter({
        ...ofUpstreams(`${name}_total`, help),
        collect() {
          metric.reset()
          for (const upstream of pool.members) metric.inc({ upstream: upstream.id }, read(upstream))
        },
      })
    }
    const answers = new Counter({
      name: 'stillin_proxy_answers_total',
      help: 'Answers to clients by kind.',
      labelNames: ['kind'],
      registers: [registry],
      collect() {
        answers.reset()
        for (const [kind, count] of Object.entries(counters.answers)) answers.inc({ kind }, count)
      },
    })
    total('own_answers', 'Answers that the proxy gave itself.', () => counters.own)
    total('retries', 'Requests sent a second time.', () => counters.retries)
    total('retries_denied', 'Retries beyond the budget.', () => counters.retriesDenied)
    total('pins_moved', 'Answers that moved a pin.', () => counters.pinsMoved)
    total('cut_off', 'Answers begun and not completed.', () => counters.cutOff)
    total('client_aborts', 'Clients that left early.', () => counters.clientAborts)
    now('up', '1: takes traffic.', (upstream) => (upstream.health === 'up' ? 1 : 0))
    now('in_flight', 'Requests it works on.', (upstream) => upstream.inFlight)
    totalOf('answered', 'Requests it answered.', (upstream) => upstream.answered)
    totalOf('failed', 'Tries that failed.', (upstream) => upstream.failed)
    totalOf('wait_seconds', 'Time to answers, summed.', (upstream) => upstream.waitedMs / 1000)
    collectDefaultMetrics({ register: registry })
    return registry
  }
}

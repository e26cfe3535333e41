import type { AnswerTally } from './answer-tally.ts'
import type { ModeSwitch } from './mode-switch.ts'
import type { MemoryStore } from './sessions/memory-store.ts'
import type { ReplicationHost } from './sessions/replication/replication-host.ts'

export interface MetricsSources {
  readonly nodeId: string
  readonly tally: AnswerTally
  readonly memory: MemoryStore
  readonly replication: ReplicationHost
  readonly modes: ModeSwitch
  readonly storeCommands: () => number
}

/**
 * The Prometheus text of this node. Counters are read when somebody scrapes; requests pay nothing for them, and the
 * library is loaded by the first scrape. Labels are from closed lists.
 */
export function createMetrics({
  nodeId,
  tally,
  memory,
  replication,
  modes,
  storeCommands,
}: MetricsSources): () => Promise<{ contentType: string; text: string }> {
  async function register() {
    const { collectDefaultMetrics, Counter, Gauge, Registry } = await import('prom-client')
    const registry = new Registry()
    registry.setDefaultLabels({ node: nodeId })
    collectDefaultMetrics({ register: registry })
    const registers = [registry]
    new Counter({
      name: 'stillin_answers_total',
      help: 'Answers of the public listener by kind.',
      labelNames: ['kind'],
      registers,
      collect() {
        this.reset()
        for (const [kind, count] of Object.entries(tally.kinds())) this.inc({ kind }, count)
      },
    })
    new Counter({
      name: 'stillin_lookups_total',
      help: 'Answers of GET /me and GET /baseline.',
      registers,
      collect() {
        this.reset()
        this.inc(tally.lookups)
      },
    })
    new Counter({
      name: 'stillin_store_commands_total',
      help: 'Commands sent to the session store.',
      registers,
      collect() {
        this.reset()
        this.inc(storeCommands())
      },
    })
    new Gauge({
      name: 'stillin_memory_sessions',
      help: 'Sessions in this node’s memory, copies of other nodes’ included.',
      registers,
      collect() {
        this.set(memory.usage.held + (replication.current?.usage.held ?? 0))
      },
    })
    new Gauge({
      name: 'stillin_replication_lag_seconds',
      help: 'From a change to a peer’s acknowledgement, the last one.',
      labelNames: ['peer'],
      registers,
      collect() {
        this.reset()
        for (const { id, lagMs } of replication.current?.lags ?? []) this.set({ peer: id }, lagMs / 1000)
      },
    })
    new Gauge({
      name: 'stillin_mode_generation',
      help: 'Generation of the mode in use.',
      labelNames: ['mode'],
      registers,
      collect() {
        this.reset()
        this.set({ mode: modes.current.mode }, modes.current.generation)
      },
    })
    return registry
  }
  let registry: ReturnType<typeof register> | undefined
  return async () => {
    registry ??= register()
    const { contentType, metrics } = await registry.then((ready) => ({
      contentType: ready.contentType,
      metrics: ready.metrics(),
    }))
    return { contentType, text: await metrics }
  }
}

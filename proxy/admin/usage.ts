import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { monotonicUs } from '#contract/clock.ts'
import type { ForwarderName } from '#contract/environment.ts'
import type { ProxyUsage } from '#contract/node-admin.ts'
import type { Counters } from '../counters.ts'
import type { ModeState } from '../guard/mode-state.ts'

/** Answers `GET /usage`. The event loop's figures cover the time since the last read. */
export class UsageReader {
  readonly #counters: Counters
  readonly #mode: ModeState
  readonly #forwarder: ForwarderName
  readonly #delay = monitorEventLoopDelay({ resolution: 10 })
  #loopBefore = performance.eventLoopUtilization()

  constructor(counters: Counters, mode: ModeState, forwarder: ForwarderName) {
    this.#counters = counters
    this.#mode = mode
    this.#forwarder = forwarder
    this.#delay.enable()
  }

  read(): ProxyUsage {
    const cpu = process.cpuUsage()
    const loop = process.threadCpuUsage()
    const memory = process.memoryUsage()
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, this.#loopBefore)
    this.#loopBefore = now
    const delayP99Ms = this.#delay.percentile(99) / 1e6
    this.#delay.reset()
    return {
      pid: process.pid,
      atUs: monotonicUs(),
      mode: this.#mode.mode,
      generation: this.#mode.generation,
      forwarder: this.#forwarder,
      cpu: { userUs: cpu.user, systemUs: cpu.system, loopUs: loop.user + loop.system },
      memory: { rssBytes: memory.rss, heapUsedBytes: memory.heapUsed },
      eventLoop: { delayP99Ms, utilization },
      answers: { ...this.#counters.answers },
      retries: this.#counters.retries,
      pinsMoved: this.#counters.pinsMoved,
    }
  }

  close(): void {
    this.#delay.disable()
  }
}

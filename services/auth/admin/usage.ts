import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import type { FastifyInstance } from 'fastify'
import { monotonicUs } from '#contract/clock.ts'
import type { NodeUsage } from '#contract/node-admin.ts'
import { ADMIN_ROUTES } from '#contract/routes.ts'
import type { AdminParts } from './admin-parts.ts'

const DELAY_RESOLUTION_MS = 20
const NS_PER_MS = 1e6

/** `GET /usage`: what this process has spent and answered. */
export function usageRoute(app: FastifyInstance, parts: AdminParts): void {
  const { config, modes, tally, memory, replication } = parts
  const delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS })
  delay.enable()
  app.addHook('onClose', async () => {
    delay.disable()
  })
  let lastUtilization = performance.eventLoopUtilization()
  app.get(ADMIN_ROUTES.usage, async (): Promise<NodeUsage> => {
    const utilization = performance.eventLoopUtilization()
    const eventLoop = {
      delayP99Ms: delay.percentile(99) / NS_PER_MS,
      utilization: performance.eventLoopUtilization(utilization, lastUtilization).utilization,
    }
    lastUtilization = utilization
    delay.reset()
    const cpu = process.cpuUsage()
    const loop = process.threadCpuUsage()
    return {
      id: config.nodeId,
      pid: process.pid,
      atUs: monotonicUs(),
      mode: modes.current.mode,
      generation: modes.current.generation,
      renewal: modes.current.renewal,
      cpu: { userUs: cpu.user, systemUs: cpu.system, loopUs: loop.user + loop.system },
      memory: { rssBytes: process.memoryUsage.rss(), heapUsedBytes: process.memoryUsage().heapUsed },
      eventLoop,
      answers: tally.kinds(),
      lookups: tally.lookups,
      sessions: memory.usage,
      ...(replication.current === undefined ? {} : { replication: replication.current.usage }),
      store: { commands: parts.storeCommands() },
    }
  })
}

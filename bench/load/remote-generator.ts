import { StillinError } from '#contract/errors.ts'
import type { GeneratorRequest } from './messages.ts'
import { isGeneratorEvent } from './messages.ts'
import type { LoadGenerator, LoadHooks, LoadPlan, LoadWindow } from './plan.ts'

/** The IPC channel of a started `bench/load/main.ts`, as the caller's process starter hands it out. */
export interface GeneratorChannel {
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  /** Called once when the process is gone. Optional: without it a lost process shows as a run that takes too long. */
  onExit?(listener: () => void): void
}

/** How long beyond its plan a run may take before the generator counts as lost. */
const GRACE_MS = 15_000

interface Running {
  runId: number
  hooks: LoadHooks
  resolve(window: LoadWindow): void
  reject(error: unknown): void
}

/**
 * The generator in its own process, so that sending never waits for the experiment's bookkeeping and its CPU time is
 * a figure of its own. The process belongs to whoever started it: `close` only ends the run.
 */
export function generatorOver(channel: GeneratorChannel): LoadGenerator {
  let running: Running | undefined
  let lastRunId = 0
  let gone = false

  const send = (message: GeneratorRequest): void => channel.send(message)
  const fail = (error: unknown): void => {
    const run = running
    running = undefined
    run?.reject(error)
  }

  channel.onMessage((message) => {
    if (!isGeneratorEvent(message) || message.runId !== running?.runId) return
    switch (message.type) {
      case 'edge':
        return running.hooks.onEdge?.(message.edge, message.atUs)
      case 'samples':
        return running.hooks.onSamples?.(message.batch)
      case 'window': {
        const run = running
        running = undefined
        return run.resolve(message.window)
      }
      case 'error':
        return fail(
          new StillinError(`load generator: ${message.message}`, message.hint ? { hint: message.hint } : {}),
        )
    }
  })
  channel.onExit?.(() => {
    gone = true
    fail(new StillinError('the load generator ended in the middle of a run'))
  })

  return {
    async run(plan: LoadPlan, hooks: LoadHooks = {}, signal?: AbortSignal): Promise<LoadWindow> {
      signal?.throwIfAborted()
      if (running) throw new Error('a load generator runs one plan at a time')
      if (gone) throw new StillinError('the load generator is not running any more')
      const runId = ++lastRunId
      const limitMs = plan.leadMs + plan.windowMs + plan.tailMs + 4 * plan.timeoutMs + GRACE_MS
      const abort = (): void => {
        send({ type: 'abort', runId })
        fail(signal?.reason)
      }
      const { promise, resolve, reject } = Promise.withResolvers<LoadWindow>()
      running = { runId, hooks, resolve, reject }
      const limit = setTimeout(() => {
        send({ type: 'abort', runId })
        fail(new StillinError(`the load generator gave no answer within ${limitMs} ms`))
      }, limitMs)
      signal?.addEventListener('abort', abort, { once: true })
      try {
        send({ type: 'run', runId, plan })
        return await promise
      } finally {
        clearTimeout(limit)
        signal?.removeEventListener('abort', abort)
        if (running?.runId === runId) running = undefined
      }
    },
    async close() {
      if (running) send({ type: 'abort', runId: running.runId })
      fail(new StillinError('the load generator was closed'))
    },
  }
}

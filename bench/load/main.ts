import { StillinError } from '#contract/errors.ts'
import type { FailedMessage, ReadyMessage } from '#contract/supervision.ts'
import { createGenerator } from './generator.ts'
import type { GeneratorEvent, GeneratorRequest } from './messages.ts'
import type { LoadPlan } from './plan.ts'

/** The load generator as a process: plans come in over IPC, edges, samples and windows go out. Leaves with its parent. */
function say(message: GeneratorEvent | ReadyMessage | FailedMessage): void {
  if (process.connected) process.send?.(message)
}

function isRequest(message: unknown): message is GeneratorRequest {
  const type = (message as { type?: unknown } | null)?.type
  return type === 'run' || type === 'abort'
}

if (!process.send) {
  process.stderr.write('bench/load/main.ts is started by stillin with an IPC channel, not by hand\n')
  process.exit(2)
}

const generator = createGenerator()
let current: { runId: number; abort: AbortController } | undefined

async function run(runId: number, plan: LoadPlan): Promise<void> {
  const abort = new AbortController()
  current = { runId, abort }
  try {
    const window = await generator.run(
      plan,
      {
        onEdge: (edge, atUs) => say({ type: 'edge', runId, edge, atUs }),
        onSamples: (batch) => say({ type: 'samples', runId, batch }),
      },
      abort.signal,
    )
    say({ type: 'window', runId, window })
  } catch (error) {
    // An aborted run has no reader any more.
    if (abort.signal.aborted) return
    const hint = error instanceof StillinError ? error.hint : undefined
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
    say({ type: 'error', runId, message, ...(hint === undefined ? {} : { hint }) })
  } finally {
    if (current?.runId === runId) current = undefined
  }
}

let queue = Promise.resolve()
process.on('message', (message: unknown) => {
  if (!isRequest(message)) return
  if (message.type === 'run') queue = queue.then(() => run(message.runId, message.plan))
  else if (current?.runId === message.runId) current.abort.abort()
})
process.on('disconnect', () => process.exit(0))
// Ctrl-C reaches the whole group; the parent ends the run and then closes the channel.
process.on('SIGINT', () => {})
say({ type: 'ready', pid: process.pid })

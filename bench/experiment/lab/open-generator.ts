import type { LoadGenerator } from '#bench/load/plan.ts'
import { generatorOver } from '#bench/load/remote-generator.ts'
import { startChild } from '#cluster/child.ts'
import { entryPoint } from '#cluster/entry-point.ts'

/** A load generator in a process of its own, which ends with the stack. */
export async function openGenerator(
  stack: AsyncDisposableStack,
  signal: AbortSignal,
): Promise<LoadGenerator> {
  const child = stack.use(
    await startChild({ entry: entryPoint('bench/load/main'), name: 'load generator', env: {}, signal }),
  )
  return generatorOver({
    send: (message) => child.send(message as object),
    onMessage: (listener) => child.onMessage(listener),
    onExit: (listener) => void child.exited.then(listener),
  })
}

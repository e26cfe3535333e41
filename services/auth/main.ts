import module from 'node:module'
import { EXIT, StillinError } from '#contract/errors.ts'
import type { FailedMessage, ReadyMessage } from '#contract/supervision.ts'

// Before anything large is loaded: a node that was started once starts in half the time.
module.enableCompileCache()

const DRAIN_MAX_MS = 5_000

/** Runs one auth node until it is told to leave. */
async function main(): Promise<void> {
  const [{ readNodeConfig }, { buildNode }, { namedByAddress }] = await Promise.all([
    import('./config.ts'),
    import('./node.ts'),
    import('./named-by-address.ts'),
  ])
  const node = await buildNode(readNodeConfig(await namedByAddress(process.env)))
  const { url, adminUrl } = await node.listen()

  let leaving = false
  const leave = async () => {
    if (leaving) return
    leaving = true
    await node.drain(DRAIN_MAX_MS)
    process.exit(0)
  }
  process.on('SIGTERM', leave)
  process.on('SIGINT', leave)
  // The channel closes when the parent ends, however it ended.
  process.on('disconnect', () => process.exit(0))
  process.send?.({ type: 'ready', pid: process.pid, url, adminUrl } satisfies ReadyMessage)
}

/** One line for a person, the same to the parent, and the exit code that says whose fault it is. */
function fail(error: unknown): void {
  const known = error instanceof StillinError ? error : undefined
  const message = known?.message ?? (error instanceof Error ? (error.stack ?? error.message) : String(error))
  const hint = known?.hint
  process.stderr.write(`stillin node: ${message}${hint === undefined ? '' : ` (${hint})`}\n`)
  const exitCode = known?.exitCode ?? EXIT.failure
  const failed: FailedMessage = { type: 'failed', message, ...(hint === undefined ? {} : { hint }) }
  if (process.send === undefined) process.exit(exitCode)
  process.send(failed, () => process.exit(exitCode))
}

main().catch(fail)

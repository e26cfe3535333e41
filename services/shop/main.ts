import { EXIT, StillinError } from '#contract/errors.ts'
import type { FailedMessage, ReadyMessage } from '#contract/supervision.ts'
import { createAuthClient } from './auth-client.ts'
import { readShopConfig } from './config.ts'
import { KeySet } from './key-set.ts'
import { createShopApp } from './shop-app.ts'
import { ShopSessions } from './shop-sessions.ts'

const CLOSE_MAX_MS = 1_000

/** Runs the shop until it is told to leave. */
async function main(): Promise<void> {
  const config = readShopConfig(process.env)
  const auth = createAuthClient(config)
  const now = () => Date.now()
  const keys = new KeySet(auth.fetchKeys, config.lifetimeMaxS, () => performance.now())
  const app = createShopApp({ auth, keys, sessions: new ShopSessions(now), now })
  const url = await app.listen({ host: config.host, port: config.port })
  const leave = () => {
    setTimeout(() => process.exit(0), CLOSE_MAX_MS).unref()
    void app.close().finally(() => process.exit(0))
  }
  process.on('SIGTERM', leave)
  process.on('SIGINT', leave)
  // The channel closes when the parent ends, however it ended.
  process.on('disconnect', () => process.exit(0))
  process.send?.({ type: 'ready', pid: process.pid, url } satisfies ReadyMessage)
}

main().catch((error: unknown) => {
  const known = error instanceof StillinError ? error : undefined
  const message = known?.message ?? String(error instanceof Error ? (error.stack ?? error) : error)
  process.stderr.write(`stillin shop: ${message}\n`)
  const exitCode = known?.exitCode ?? EXIT.failure
  if (process.send === undefined) process.exit(exitCode)
  process.send({ type: 'failed', message } satisfies FailedMessage, () => process.exit(exitCode))
})

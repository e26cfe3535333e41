import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { EXIT, StillinError } from '#contract/errors.ts'
import type { FailedMessage, ReadyMessage } from '#contract/supervision.ts'
import { readConfig } from './config.ts'
import { createProxy, type ReverseProxy } from './proxy.ts'
import { DEFAULT_SETTINGS } from './settings.ts'

/** The life of the process: listen, say so, drain on SIGTERM, leave when the parent is gone. */
export async function run(environment: NodeJS.ProcessEnv): Promise<void> {
  let proxy: ReverseProxy | undefined
  try {
    const config = readConfig(environment)
    proxy = await createProxy(config.proxy, DEFAULT_SETTINGS)
    const url = await listen(proxy.server, config.host, config.port, 'STILLIN_PORT')
    const { admin } = config
    const adminUrl = admin && (await listen(proxy.adminServer, admin.host, admin.port, 'STILLIN_ADMIN_PORT'))
    live(proxy)
    tell({ type: 'ready', pid: process.pid, url, ...(adminUrl === undefined ? {} : { adminUrl }) })
  } catch (error) {
    await proxy?.close()
    if (!(error instanceof StillinError)) throw error
    const hint = error.hint === undefined ? {} : { hint: error.hint }
    tell({ type: 'failed', message: error.message, ...hint })
    process.stderr.write(`proxy: ${error.message}${error.hint === undefined ? '' : ` (${error.hint})`}\n`)
    process.exitCode = error.exitCode
    if (process.connected) process.disconnect()
  }
}

function tell(message: ReadyMessage | FailedMessage): void {
  if (process.connected) process.send?.(message)
}

function live(proxy: ReverseProxy): void {
  let ending = false
  const end = async (): Promise<void> => {
    if (ending) return
    ending = true
    await proxy.drain()
    process.exit(EXIT.ok)
  }
  process.on('SIGTERM', () => void end())
  process.on('SIGINT', () => void end())
  // Whoever started this process is gone: nobody is left to stop it.
  process.on('disconnect', () => process.exit(EXIT.ok))
}

async function listen(server: Server, host: string, port: number, name: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen({ host, port, backlog: 1024 }, resolve)
  try {
    await promise
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE')
      throw new StillinError(`${host}:${port} is in use`, {
        exitCode: EXIT.unavailable,
        hint: `set ${name} to a free port, or to 0`,
      })
    throw new StillinError(`cannot listen on ${host}:${port}: ${message}`, {
      exitCode: EXIT.unavailable,
      hint: `set another address or ${name}`,
    })
  }
  server.off('error', reject)
  const { address, family, port: bound } = server.address() as AddressInfo
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${bound}`
}

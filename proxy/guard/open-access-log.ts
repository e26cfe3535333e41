import type { AccessLog, AccessLogOptions } from './access-log.ts'

/** pino is loaded only where there is a log. */
export async function openAccessLog(options: AccessLogOptions | undefined): Promise<AccessLog | undefined> {
  if (!options) return undefined
  const { AccessLog } = await import('./access-log.ts')
  return new AccessLog(options)
}

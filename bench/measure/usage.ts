import { Client } from 'undici'
import { StillinError } from '#contract/errors.ts'
import type { NodeUsage, ProxyUsage } from '#contract/node-admin.ts'
import { ADMIN_ROUTES } from '#contract/routes.ts'

/** Reads `GET /usage` of one node or of the proxy, over one connection that stays open. */
export interface UsageReader<Usage extends NodeUsage | ProxyUsage> extends AsyncDisposable {
  /** @throws StillinError where the listener does not answer in time, refuses the token, or answers something else. */
  read(): Promise<Usage>
}

const TIMEOUT_MS = 5_000

/** @param adminUrl the private listener; `token` its bearer token. */
export function openUsage<Usage extends NodeUsage | ProxyUsage>(
  adminUrl: string,
  token: string,
  timeoutMs: number = TIMEOUT_MS,
): UsageReader<Usage> {
  const client = new Client(new URL(adminUrl).origin, { keepAliveTimeout: 60_000 })
  const headers = { authorization: `Bearer ${token}` }
  return {
    async read() {
      try {
        const answer = await client.request({
          method: 'GET',
          path: ADMIN_ROUTES.usage,
          headers,
          signal: AbortSignal.timeout(timeoutMs),
        })
        const body = await answer.body.text()
        if (answer.statusCode !== 200) throw new Error(`status ${answer.statusCode}`)
        const usage = JSON.parse(body) as Usage
        if (typeof usage.atUs !== 'number' || typeof usage.cpu?.userUs !== 'number')
          throw new Error('the answer is not a usage')
        return usage
      } catch (cause) {
        const why = cause instanceof Error ? cause.message : String(cause)
        throw new StillinError(`cannot read ${adminUrl}${ADMIN_ROUTES.usage}: ${why}`, { cause })
      }
    },
    async [Symbol.asyncDispose]() {
      await client.destroy()
    },
  }
}

import { isIP } from 'node:net'
import { EXIT, StillinError } from '#contract/errors.ts'

/**
 * Reads `STILLIN_TRUSTED_PROXIES`.
 * @throws StillinError (usage) naming what is no address.
 */
export function readTrustedProxies(list: string | undefined): string[] {
  const proxies = list?.split(',').map((address) => address.trim()) ?? []
  const wrong = proxies.find((proxy) => isIP(proxy.replace(/\/\d{1,3}$/, '')) === 0)
  if (wrong === undefined) return proxies
  throw new StillinError(`STILLIN_TRUSTED_PROXIES: expected IP addresses or CIDR ranges, got "${wrong}"`, {
    exitCode: EXIT.usage,
  })
}

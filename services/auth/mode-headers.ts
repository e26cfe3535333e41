import { formatModeHeader, HEADERS } from '#contract/headers.ts'
import type { ModeName } from '#contract/modes.ts'
import { formatRevocation, MODES } from '#contract/modes.ts'
import type { RenewalSetting } from '#contract/renewal.ts'
import type { NodeConfig } from './config.ts'
import { longestLoginS } from './login-span.ts'

/** What every answer of a mode says of it: who answered, which mode and generation, and when a logout takes hold. */
export function modeHeaders(
  config: NodeConfig,
  mode: ModeName,
  generation: number,
  renewal: RenewalSetting,
): Readonly<Record<string, string>> {
  return {
    [HEADERS.servedBy]: config.nodeId,
    [HEADERS.mode]: formatModeHeader(mode, generation),
    [HEADERS.revocation]: revocation(config, mode, renewal),
    'cache-control': 'no-store',
    ...(config.plant === undefined ? {} : { [HEADERS.plant]: config.plant }),
  }
}

function revocation(config: NodeConfig, mode: ModeName, { renewal, refresh }: RenewalSetting): string {
  // Whatever the mode does with the credential: a copy of a refresh token that nobody keeps fetches the next one.
  if (renewal === 'pair' && refresh === 'stateless') return `at-expiry;s=${config.refreshS}`
  return formatRevocation(MODES[mode], longestLoginS(config, renewal), boundMs(config, mode))
}

/** The bound that this node was set to, where the mode has one that can be set; undefined: the mode's own. */
function boundMs({ pushedBoundMs, cacheBoundMs }: NodeConfig, mode: ModeName): number | undefined {
  if (mode === 'jwt-pushed') return pushedBoundMs
  return mode === 'redis-cached' ? cacheBoundMs : undefined
}

import type { ModeName } from '#contract/modes.ts'
import { MODES } from '#contract/modes.ts'
import type { RefreshHome } from '#contract/renewal.ts'
import type { StrategyParts } from '../credentials/strategies.ts'
import { deriveKey } from '../key-ring.ts'
import { centralRecords } from '../records/open-records.ts'
import { RefreshCodec } from './refresh-codec.ts'
import type { RefreshFamilies } from './refresh-families.ts'
import type { RefreshTokens } from './refresh-tokens.ts'
import { statelessRefresh } from './stateless-refresh.ts'

/**
 * How a login of this mode is refreshed where the renewal is by pair.
 * @throws AnswerError modeUnavailable when the refresh tokens want a store that this node was not given.
 */
export async function createRefreshTokens(
  mode: ModeName,
  home: RefreshHome,
  parts: StrategyParts,
): Promise<RefreshTokens> {
  const key = deriveKey(parts.keyRing.cookieSecret, `refresh token ${mode} ${home}`)
  if (home === 'stateless') return statelessRefresh(new RefreshCodec(mode, key))
  const { storedRefresh } = await import('./stored-refresh.ts')
  return storedRefresh(new RefreshCodec(mode, key), await families(mode, parts))
}

/** Where the mode's logins are: in this node's memory, or else in the central store, also where logins are at the client. */
async function families(mode: ModeName, parts: StrategyParts): Promise<RefreshFamilies> {
  const { config, clock } = parts
  if (MODES[mode].store === 'node-memory') {
    const { MemoryFamilies } = await import('./memory-families.ts')
    return new MemoryFamilies(clock, config.memory.maxSessions, config.refreshGraceMs)
  }
  const records = await centralRecords(mode, parts)
  if (records !== undefined) {
    const { RecordFamilies } = await import('./record-families.ts')
    return new RecordFamilies(records, clock, config.refreshGraceMs)
  }
  const [{ RedisFamilies }, { connectRedis }] = await Promise.all([
    import('./redis-families.ts'),
    import('../credentials/redis-of-mode.ts'),
  ])
  return new RedisFamilies(await connectRedis(MODES[mode], parts), clock, config.refreshGraceMs)
}

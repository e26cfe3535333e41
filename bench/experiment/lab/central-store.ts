import { provideRedis } from '#cluster/redis/provide-redis.ts'
import type { RedisPersistence, RedisServer } from '#cluster/redis/redis-server.ts'
import { provideStore } from '#cluster/stores/provide-store.ts'
import type { StoreServer } from '#cluster/stores/store-server.ts'
import { MODES, type ModeName } from '#contract/modes.ts'
import { isServedBy, STORE_TITLES, type StoreName } from '#contract/stores.ts'
import type { Progress } from '../progress.ts'

export interface CentralStoreOptions {
  readonly modes: readonly ModeName[]
  /** Redis unless given. */
  readonly store?: StoreName | undefined
  readonly storeUrl?: string | undefined
  readonly redisUrl: string | undefined
  readonly redisPersistence?: RedisPersistence | undefined
  /** Refresh tokens lie in the central store, unless the mode's logins are in a node's memory. */
  readonly refreshTokens?: boolean | undefined
}

/** The central store of a lab: Redis, or one in its place, or neither. */
export interface CentralStore {
  readonly redis: RedisServer | undefined
  readonly store: StoreServer | undefined
  /** The modes that can run over it, in the order asked for. */
  readonly modes: readonly ModeName[]
  /** What was left out, and why: one sentence each. */
  readonly leftOut: readonly string[]
}

/** Looks for one only where a mode needs it. */
export async function findCentralStore(
  options: CentralStoreOptions,
  progress: Progress,
  signal: AbortSignal,
): Promise<CentralStore> {
  const { modes, store: name = 'redis' } = options
  const unserved = modes.filter((mode) => !isServedBy(mode, name))
  const leftOut =
    unserved.length === 0
      ? []
      : [
          `${unserved.join(', ')}: left out, because --store ${name} takes Redis's place for mode redis alone.`,
        ]
  const served = modes.filter((mode) => isServedBy(mode, name))
  const { refreshTokens = false } = options
  const inNeed = served.filter(
    (mode) => MODES[mode].needs.includes('redis') || (refreshTokens && MODES[mode].store !== 'node-memory'),
  )
  if (inNeed.length === 0) return { redis: undefined, store: undefined, modes: served, leftOut }
  progress.update(`looking for ${STORE_TITLES[name]}`)
  const common = {
    signal,
    onNote: (text: string) => progress.note(text),
    onMissing: ({ reasons, hint }: { reasons: readonly string[]; hint: string }) => {
      const why = `left out, for want of ${STORE_TITLES[name]} (${reasons.join('; ')}). ${hint}`
      leftOut.push(`${inNeed.join(', ')}: ${why}`)
    },
  }
  const persistence = options.redisPersistence ?? 'none'
  const redis =
    name === 'redis' ? await provideRedis({ ...common, redisUrl: options.redisUrl, persistence }) : undefined
  const store = name === 'redis' ? undefined : await provideStore(name, { ...common, url: options.storeUrl })
  const isThere = redis !== undefined || store !== undefined
  return { redis, store, modes: isThere ? served : served.filter((mode) => !inNeed.includes(mode)), leftOut }
}

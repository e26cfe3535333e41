import type { Redis } from 'ioredis'

// One slot of a Redis Cluster: what is revoked and what is told of it change in one step.
const KEY = (name: string) => `stillin:{jwt-pushed}:${name}`
const BASE = KEY('base')
const SEQUENCE = KEY('sequence')
const NEWS = KEY('news')
const REVOKED = KEY('revoked')
const EPOCHS = KEY('epochs')
const KEYS = [BASE, SEQUENCE, NEWS, REVOKED, EPOCHS] as const

/** News kept for nodes that lost the connection; who is further behind takes the whole truth again. */
export const NEWS_KEPT = 10_000

/**
 * Keys that do not exist are a store that is new, or that has lost what it knew. Then every token is older than the
 * base epoch and void, and the sequence starts where no earlier one has been.
 */
const PREAMBLE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function text(number) return string.format('%.0f', number) end
if redis.call('EXISTS', KEYS[1], KEYS[2]) < 2 then
  redis.call('SET', KEYS[1], text(now))
  redis.call('SET', KEYS[2], text(now))
  redis.call('DEL', KEYS[3])
end
local base = tonumber(redis.call('GET', KEYS[1]))
local function tell(...)
  local id = redis.call('INCR', KEYS[2])
  redis.call('XADD', KEYS[3], 'MAXLEN', '~', '${NEWS_KEPT}', text(id) .. '-0', ...)
end
`
/** ARGV: sid, when its token expires, for how long after that it is kept (ms, by Redis's clock: a node's may be wrong). */
const REVOKE_LOGIN = `${PREAMBLE}
redis.call('ZADD', KEYS[4], ARGV[2], ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[4], '-inf', text(now - ARGV[3]))
tell('login', ARGV[1], 'until', ARGV[2])
return 1`
/** ARGV: user. Epochs are not below Redis's clock in ms: one that a failover lost never comes again. */
const REVOKE_USER = `${PREAMBLE}
local epoch = math.max(tonumber(redis.call('ZSCORE', KEYS[5], ARGV[1]) or base) + 1, now)
redis.call('ZADD', KEYS[5], text(epoch), ARGV[1])
tell('user', ARGV[1], 'epoch', text(epoch))
return text(epoch)`
/** ARGV: user. */
const EPOCH_OF = `${PREAMBLE}
return tostring(redis.call('ZSCORE', KEYS[5], ARGV[1]) or text(base))`
/** ARGV: the oldest end and the oldest epoch that still matter (ms). */
const EVERYTHING = `${PREAMBLE}
return {
  text(base),
  redis.call('GET', KEYS[2]),
  redis.call('ZRANGEBYSCORE', KEYS[4], ARGV[1], '+inf', 'WITHSCORES'),
  redis.call('ZRANGEBYSCORE', KEYS[5], ARGV[2], '+inf', 'WITHSCORES'),
}`

/** Something that was revoked; `sequence` counts up by one. */
export type News = { readonly sequence: number } & (
  | { readonly kind: 'login'; readonly sid: string; readonly untilMs: number }
  | { readonly kind: 'user'; readonly userId: string; readonly epoch: number }
)

/** All that a node needs to know, as of one moment. */
export interface Truth {
  /** The epoch of every user that has none of their own. */
  readonly base: number
  /** The last news that is in it. */
  readonly sequence: number
  readonly revoked: readonly (readonly [sid: string, untilMs: number])[]
  readonly epochs: readonly (readonly [userId: string, epoch: number])[]
}

/** Ends one login and tells everybody, in one step; lets go of what expired longer than `keptMs` ago. */
export async function revokeLogin(redis: Redis, sid: string, untilMs: number, keptMs: number): Promise<void> {
  await redis.eval(REVOKE_LOGIN, KEYS.length, ...KEYS, sid, untilMs, keptMs)
}

/** Voids every login of a user and tells everybody, in one step; answers the new epoch. */
export async function revokeUser(redis: Redis, userId: string): Promise<number> {
  return Number(await redis.eval(REVOKE_USER, KEYS.length, ...KEYS, userId))
}

export async function epochOf(redis: Redis, userId: string): Promise<number> {
  return Number(await redis.eval(EPOCH_OF, KEYS.length, ...KEYS, userId))
}

export async function readTruth(redis: Redis, oldestEndMs: number, oldestEpochMs: number): Promise<Truth> {
  const [base, sequence, revoked, epochs] = (await redis.eval(
    EVERYTHING,
    KEYS.length,
    ...KEYS,
    oldestEndMs,
    oldestEpochMs,
  )) as [string, string, string[], string[]]
  return {
    base: Number(base),
    sequence: Number(sequence),
    revoked: pairs(revoked),
    epochs: pairs(epochs),
  }
}

/** Which store this is and how far it has counted. Absent: it has lost what it knew. */
export async function readPosition(redis: Redis): Promise<{ base: number; sequence: number } | undefined> {
  const [base, sequence] = await redis.mget(BASE, SEQUENCE)
  return base && sequence ? { base: Number(base), sequence: Number(sequence) } : undefined
}

/** News after `sequence`, in order; waits for the first at most `blockMs`. */
export async function readNews(
  redis: Redis,
  sequence: number,
  blockMs: number,
  max: number,
): Promise<News[]> {
  const answer = await redis.xread('COUNT', max, 'BLOCK', blockMs, 'STREAMS', NEWS, `${sequence}-0`)
  return (answer?.[0]?.[1] ?? []).map(([id, fields]) => parse(Number.parseInt(id, 10), fields))
}

function parse(sequence: number, [kind, name = '', , number]: readonly string[]): News {
  return kind === 'user'
    ? { sequence, kind, userId: name, epoch: Number(number) }
    : { sequence, kind: 'login', sid: name, untilMs: Number(number) }
}

function pairs(flat: readonly string[]): [string, number][] {
  const found: [string, number][] = []
  for (let index = 0; index < flat.length; index += 2)
    found.push([flat[index] ?? '', Number(flat[index + 1])])
  return found
}

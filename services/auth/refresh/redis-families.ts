import type { Clock } from '../clock.ts'
import type { RedisConnection } from '../sessions/redis-connection.ts'
import { RedisScript } from '../sessions/redis-script.ts'
import type { RefreshFamilies, Turn } from './refresh-families.ts'
import { GRACE_MS } from './refresh-families.ts'
import type { RefreshGrant } from './refresh-tokens.ts'

const familyKey = (userId: string, family: string) => `stillin:refresh:{${userId}}:${family}`
const epochKey = (userId: string) => `stillin:refresh-epoch:{${userId}}`

/**
 * KEYS family, epoch. ARGV place presented, now (ms), grace (ms; 0: none). Answers the outcome and, where it turned, the place
 * that is current and the grant. A dead family is kept until its end, so that its tokens stay refused as revoked.
 * @param move what the current token does to its family.
 */
const use = (move: string) =>
  new RedisScript(`
local place, now, grace = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local family = redis.call('HMGET', KEYS[1], 'place', 'turnedAt', 'deadline', 'familyEpoch', 'dead', 'grant')
if not family[1] then return {'unknown'} end
if tonumber(family[3]) <= now then return {'expired'} end
if family[5] or redis.call('GET', KEYS[2]) ~= family[4] then return {'revoked'} end
local current = tonumber(family[1])
if place == current then
  ${move}
  return {'turned', current + 1, family[6]}
end
if place == current - 1 and grace > 0 and now - tonumber(family[2]) < grace then
  return {'turned', current, family[6]}
end
if place > current then return {'unknown'} end
redis.call('HSET', KEYS[1], 'dead', 1)
return {'reused'}
`)
const LOOK = use('')
const TURN = use("redis.call('HSET', KEYS[1], 'place', current + 1, 'turnedAt', now)")

/** KEYS family. ARGV time to live (ms), deadline (ms), familyEpoch, grant. */
const CREATE = new RedisScript(`
redis.call('HSET', KEYS[1], 'place', 1, 'turnedAt', 0, 'deadline', ARGV[2], 'familyEpoch', ARGV[3], 'grant', ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[1])
`)

/** Families in Redis, for every node: a login that is renewed anywhere is ended everywhere. */
export class RedisFamilies implements RefreshFamilies {
  readonly #connection: RedisConnection
  readonly #clock: Clock
  readonly #graceMs: number

  constructor(connection: RedisConnection, clock: Clock, graceMs: number = GRACE_MS) {
    this.#graceMs = graceMs
    this.#connection = connection
    this.#clock = clock
  }

  async epochOf(userId: string): Promise<number> {
    const key = epochKey(userId)
    const epoch = await this.#connection.ask(2, async (redis) => {
      const [, value] = await Promise.all([redis.setnx(key, this.#newEpoch()), redis.get(key)])
      return value
    })
    return Number(epoch)
  }

  async create(family: string, grant: RefreshGrant): Promise<void> {
    const { userId, deadlineMs, familyEpoch } = grant
    const ttlMs = deadlineMs - this.#clock.now()
    if (ttlMs <= 0) return
    const values = [ttlMs, deadlineMs, familyEpoch, JSON.stringify(grant)]
    await this.#connection.ask(1, (redis) => CREATE.run(redis, [familyKey(userId, family)], values))
  }

  look(userId: string, family: string, place: number, nowMs: number): Promise<Turn> {
    return this.#use(LOOK, userId, family, place, nowMs)
  }

  turn(userId: string, family: string, place: number, nowMs: number): Promise<Turn> {
    return this.#use(TURN, userId, family, place, nowMs)
  }

  /** Deleting works on a full Redis too. */
  async end(userId: string, family: string): Promise<void> {
    await this.#connection.ask(1, (redis) => redis.del(familyKey(userId, family)))
  }

  async advanceEpoch(userId: string): Promise<void> {
    const key = epochKey(userId)
    await this.#connection.ask(2, (redis) =>
      Promise.all([redis.setnx(key, this.#newEpoch()), redis.incr(key)]),
    )
  }

  async close(): Promise<void> {
    this.#connection.close()
  }

  async #use(
    script: RedisScript,
    userId: string,
    family: string,
    place: number,
    nowMs: number,
  ): Promise<Turn> {
    const keys = [familyKey(userId, family), epochKey(userId)]
    const answer = await this.#connection.ask(1, (redis) =>
      script.run(redis, keys, [place, nowMs, this.#graceMs]),
    )
    const [outcome, current, grant] = answer as [Turn['outcome'], number, string]
    if (outcome !== 'turned') return { outcome }
    return { outcome, place: current, grant: JSON.parse(grant) as RefreshGrant }
  }

  /** Above every epoch ever counted up from an earlier one, so that an epoch lost with its key never comes again. */
  #newEpoch(): number {
    return Date.now()
  }
}

import { CLOCK_SLACK_MS } from '../clock.ts'
import { RedisScript } from './redis-script.ts'

/**
 * Creates a session and enters it in its user's index, within the limits; the index and who is online are put right
 * first. A session whose user's epoch has moved since is void: it is kept, so that it is refused as revoked, and not
 * counted. Answers `created`, and after it the families of refresh tokens that are to end with the sessions a limit ended:
 * those that no session is left of.
 *
 * KEYS session, index, epoch, online. ARGV value, its time to live (ms), hash, deadline (ms), now (ms), epoch, limit a
 * user (0: none), `refuse` or `end-oldest`, limit of users (0: none), user, prefix of the user's session keys, family ('':
 * none, and nobody asks for any).
 */
export const CREATE = new RedisScript(`
local value, ttl, hash, deadline, now, epoch = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local perUser, atPerUser, users, user, prefix = tonumber(ARGV[7]), ARGV[8], tonumber(ARGV[9]), ARGV[10], ARGV[11]
local family = ARGV[12]
if redis.call('EXISTS', KEYS[1]) == 1 then return 'taken' end
if redis.call('GET', KEYS[3]) ~= epoch then
  redis.call('SET', KEYS[1], value, 'PX', ttl)
  return 'void'
end
local online = redis.call('ZSCORE', KEYS[4], user)
if users > 0 and (not online or tonumber(online) <= tonumber(now))
  and redis.call('ZCOUNT', KEYS[4], '(' .. now, '+inf') >= users then return 'users' end
local live, dead, over = {}, {}, {}
if perUser > 0 then
  -- By the clock of this node: should it be wrong, there would be more than the limit once it is right.
  over = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now)
  for _, member in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. now, '+inf')) do
    local list = redis.call('EXISTS', prefix .. member) == 1 and live or dead
    list[#list + 1] = member
  end
  if #live >= perUser and atPerUser == 'refuse' then return 'limit' end
end
local surplus = perUser > 0 and #live - perUser + 1 or 0
local spared, doomed, made = { [family] = true }, {}, { 'created' }
if surplus > 0 and family ~= '' then
  for place = 1, #live do
    local other = cjson.decode(redis.call('GET', prefix .. live[place])).family
    if place > surplus then spared[other or ''] = true else doomed[#doomed + 1] = other end
  end
end
for place = 1, #doomed do
  if not spared[doomed[place]] then made[#made + 1] = doomed[place] end
end
-- The first write, which a full Redis refuses (never a later one): a login that fails ends nobody else's.
redis.call('SET', KEYS[1], value, 'PX', ttl)
redis.call('ZADD', KEYS[2], deadline, hash)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - ${CLOCK_SLACK_MS})
redis.call('ZREMRANGEBYSCORE', KEYS[4], '-inf', now - ${CLOCK_SLACK_MS})
for place = 1, #dead do redis.call('ZREM', KEYS[2], dead[place]) end
local function finish(member)
  redis.call('DEL', prefix .. member)
  redis.call('ZREM', KEYS[2], member)
end
for place = 1, #over do finish(over[place]) end
for place = 1, surplus do finish(live[place]) end
local left = tonumber(deadline) - tonumber(now)
if redis.call('PTTL', KEYS[2]) < left then redis.call('PEXPIRE', KEYS[2], left) end
redis.call('ZADD', KEYS[4], 'GT', deadline, user)
return made
`)

/**
 * Creates sessions of one user that are alike but for their ids, without limits: what CREATE leaves behind when it runs
 * for each of them. Answers `taken` at the first that there was already; those before it stay.
 *
 * KEYS index, epoch, online, sessions. ARGV value, its time to live (ms), deadline (ms), now (ms), epoch, user, hashes.
 */
export const CREATE_ALIKE = new RedisScript(`
local value, ttl, deadline, now, epoch, user = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local void = redis.call('GET', KEYS[2]) ~= epoch
for place = 4, #KEYS do
  if not redis.call('SET', KEYS[place], value, 'PX', ttl, 'NX') then return 'taken' end
  if not void then redis.call('ZADD', KEYS[1], deadline, ARGV[place + 3]) end
end
if void then return 'void' end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ${CLOCK_SLACK_MS})
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now - ${CLOCK_SLACK_MS})
local left = tonumber(deadline) - tonumber(now)
if redis.call('PTTL', KEYS[1]) < left then redis.call('PEXPIRE', KEYS[1], left) end
redis.call('ZADD', KEYS[3], 'GT', deadline, user)
return 'created'
`)

/**
 * Deletes a session and its entry; with the last entry the user is no longer online. Answers how many sessions went.
 *
 * KEYS session, index, online. ARGV hash, user.
 */
export const DELETE = new RedisScript(`
local gone = redis.call('DEL', KEYS[1])
redis.call('ZREM', KEYS[2], ARGV[1])
if redis.call('EXISTS', KEYS[2]) == 0 then redis.call('ZREM', KEYS[3], ARGV[2]) end
return gone
`)

/**
 * Advances a user's epoch and empties the index, whose sessions are void from here on.
 *
 * KEYS epoch, index, online. ARGV the epoch to begin with where there is none, user.
 */
export const ADVANCE_EPOCH = new RedisScript(`
redis.call('SETNX', KEYS[1], ARGV[1])
redis.call('INCR', KEYS[1])
redis.call('DEL', KEYS[2])
redis.call('ZREM', KEYS[3], ARGV[2])
`)

/**
 * The newest live sessions of a user, as hash, deadline and value in turns; entries of sessions that are gone are dropped.
 *
 * KEYS index. ARGV prefix of the user's session keys, how many at most.
 */
export const LIST = new RedisScript(`
local found = {}
local entries = redis.call('ZRANGE', KEYS[1], 0, tonumber(ARGV[2]) - 1, 'REV', 'WITHSCORES')
for place = 1, #entries, 2 do
  local value = redis.call('GET', ARGV[1] .. entries[place])
  if value then
    found[#found + 1] = entries[place]
    found[#found + 1] = entries[place + 1]
    found[#found + 1] = value
  else redis.call('ZREM', KEYS[1], entries[place]) end
end
return found
`)

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { MODE_NAMES } from '#contract/modes.ts'
import { readNodeConfig } from '#services/auth/config.ts'
import { freshKeyRing } from './keys.ts'
import { nodeEnvironment, temporaryFolder } from './test-node.ts'

const folder = temporaryFolder()
afterAll(() => folder[Symbol.dispose]())
const environment = nodeEnvironment(folder.path, freshKeyRing())

function problem(change: Record<string, string | undefined>): string {
  try {
    readNodeConfig({ ...environment, ...change })
    return 'accepted'
  } catch (error) {
    expect(error).toMatchObject({ name: 'StillinError', exitCode: 2 })
    return (error as Error).message
  }
}

describe('the environment of a node', () => {
  test('is complete with what has no default', () => {
    expect(readNodeConfig(environment)).toMatchObject({
      nodeId: 'node-1',
      host: '127.0.0.1',
      port: 0,
      mode: 'local',
      generation: 1,
      users: 20,
      lifetimeS: 300,
      idleS: 300,
      redisTimeoutMs: 200,
      outage: 'closed',
      jwtVerifier: 'jose',
      memory: { maxSessions: 100_000, whenFull: 'refuse' },
      trustedProxies: [],
      testing: true,
    })
  })

  test('takes every setting it names', () => {
    const config = readNodeConfig({
      ...environment,
      NODE_ENV: 'production',
      STILLIN_MODE: 'redis',
      STILLIN_REDIS_URL: 'redis://127.0.0.1:6379',
      STILLIN_OUTAGE: 'stale',
      STILLIN_CLOCK: 'movable',
      STILLIN_CLOCK_OFFSET_MS: '-5000',
      STILLIN_RENEWAL: 'rolling',
      STILLIN_RENEWAL_NOW: 'pair',
      STILLIN_REFRESH_NOW: 'stateless',
      STILLIN_LIFETIME_S: '60',
      STILLIN_IDLE_S: '600',
      STILLIN_TLS: '1',
      STILLIN_MEMORY_FULL: 'evict-oldest',
      STILLIN_MEMORY_MAX_SESSIONS: '7',
      STILLIN_TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8',
      STILLIN_GENERATION: '12',
    })
    expect(config).toMatchObject({
      lifetimeS: 60,
      idleS: 60,
      tls: true,
      generation: 12,
      memory: { maxSessions: 7, whenFull: 'evict-oldest' },
      trustedProxies: ['127.0.0.1', '10.0.0.0/8'],
      outage: 'stale',
      movableClock: true,
      clockOffsetMs: -5000,
      renewal: 'rolling',
      refresh: 'store',
      renewalNow: { renewal: 'pair', refresh: 'stateless' },
      testing: false,
    })
  })

  test('is refused by the name of the field, with what to put there', () => {
    expect(problem({ STILLIN_MODE: 'memcached' })).toBe(
      `STILLIN_MODE: expected one of ${MODE_NAMES.join(', ')}, got "memcached"`,
    )
    expect(problem({ STILLIN_MODEE: 'local' })).toMatch(/^STILLIN_MODEE: no such setting; unset it. Known: /)
    expect(problem({ STILLIN_PORT: undefined })).toBe(
      'STILLIN_PORT: expected a port, 0 to 65535; it is not set',
    )
    for (const port of ['-1', '65536', '80x', '', '1e3'])
      expect(problem({ STILLIN_PORT: port })).toMatch(/^STILLIN_PORT: expected a port/)
    expect(problem({ STILLIN_NODE_ID: 'a b' })).toMatch(/^STILLIN_NODE_ID: expected a name of letters/)
    for (const users of ['-3', '0', '1.5', 'many'])
      expect(problem({ STILLIN_USERS: users })).toMatch(/^STILLIN_USERS: expected/)
    expect(problem({ STILLIN_LIFETIME_S: '90000' })).toMatch(/^STILLIN_LIFETIME_S: expected at most 86400/)
    expect(problem({ STILLIN_JWT_VERIFIER: 'none' })).toMatch(
      /^STILLIN_JWT_VERIFIER: expected one of jose, node/,
    )
    expect(problem({ STILLIN_REDIS_URL: 'http://127.0.0.1' })).toMatch(
      /^STILLIN_REDIS_URL: expected a redis:/,
    )
    expect(problem({ STILLIN_MODE: 'redis' })).toMatch(/^STILLIN_REDIS_URL: mode redis needs it/)
    expect(problem({ STILLIN_RENEWAL: 'often' })).toMatch(/^STILLIN_RENEWAL: expected one of fixed, rolling/)
    expect(problem({ STILLIN_REFRESH: 'stateless', STILLIN_REFRESH_STRICT: '1' })).toMatch(
      /^STILLIN_REFRESH_STRICT: nobody remembers/,
    )
    expect(problem({ STILLIN_RENEWAL_NOW: 'rolling' })).toMatch(/^STILLIN_RENEWAL_NOW: rolling wants/)
    expect(problem({ STILLIN_CLOCK_OFFSET_MS: '5' })).toMatch(/^STILLIN_CLOCK_OFFSET_MS: set STILLIN_CLOCK/)
    expect(problem({ STILLIN_STORE: 'mysql' })).toMatch(/^STILLIN_STORE: expected one of redis, file/)
    expect(problem({ STILLIN_STORE: 'sqlite' })).toMatch(/^STILLIN_STORE_URL: for store sqlite .*not set/)
    for (const [store, url] of [
      ['file', 'sessions'],
      ['memcached', 'http://127.0.0.1:11211'],
      ['postgres', 'redis://127.0.0.1'],
    ] as const)
      expect(problem({ STILLIN_STORE: store, STILLIN_STORE_URL: url })).toMatch(
        new RegExp(`^STILLIN_STORE_URL: for store ${store} expected`),
      )
    expect(problem({ STILLIN_STORE_URL: '/tmp/sessions' })).toMatch(/^STILLIN_STORE_URL: Redis is found by/)
    const instead = { STILLIN_STORE: 'file', STILLIN_STORE_URL: '/tmp/sessions' }
    expect(problem({ STILLIN_MODE: 'jwt-denylist', ...instead })).toMatch(/^STILLIN_STORE: mode jwt-denylist/)
    expect(problem({ STILLIN_TRUSTED_PROXIES: '127.0.0.1, everybody' })).toMatch(/^STILLIN_TRUSTED_PROXIES: /)
  })

  test('gives the admin token once, long enough, in words or in a file', () => {
    const file = join(folder.path, 'token')
    writeFileSync(file, 'a-token-from-a-file-0123\n')
    const byFile = { STILLIN_ADMIN_TOKEN: undefined, STILLIN_ADMIN_TOKEN_FILE: file }
    expect(readNodeConfig({ ...environment, ...byFile }).adminToken).toBe('a-token-from-a-file-0123')
    expect(problem({ STILLIN_ADMIN_TOKEN: 'short' })).toMatch(/^STILLIN_ADMIN_TOKEN: expected a secret/)
    expect(problem({ STILLIN_ADMIN_TOKEN: undefined })).toMatch(/^STILLIN_ADMIN_TOKEN: set either/)
    expect(problem({ STILLIN_ADMIN_TOKEN_FILE: file })).toMatch(/^STILLIN_ADMIN_TOKEN: set either/)
    writeFileSync(file, 'short')
    expect(problem(byFile)).toMatch(/^STILLIN_ADMIN_TOKEN_FILE: expected a file/)
    expect(problem({ ...byFile, STILLIN_ADMIN_TOKEN_FILE: '/nowhere' })).toMatch(
      /^STILLIN_ADMIN_TOKEN_FILE: /,
    )
  })

  test('plants no bug outside of tests, and none that does not exist', () => {
    expect(problem({ STILLIN_PLANT: 'fail-open', NODE_ENV: 'production' })).toMatch(
      /^STILLIN_PLANT: planted bugs exist only under NODE_ENV=test/,
    )
    expect(problem({ STILLIN_PLANT: 'fail-ajar' })).toMatch(
      /^STILLIN_PLANT: no plant "fail-ajar"; known: stock-rolling-save, .*fail-open/,
    )
    expect(problem({ STILLIN_PLANT: 'fail-open' })).toBe('accepted')
  })
})

describe('where the user directory is', () => {
  const url = 'postgres://stillin@db:5432/users'
  const secret = join(folder.path, 'secret')
  writeFileSync(secret, `${url}\n`)

  test('a PostgreSQL wins over a file, by an address or a file that holds it', () => {
    const place = (change: Record<string, string>) => readNodeConfig({ ...environment, ...change }).directory
    expect(place({})).toMatchObject({ kind: 'sqlite' })
    expect(place({ STILLIN_DIRECTORY_URL: url })).toEqual({ kind: 'postgres', url })
    expect(place({ STILLIN_DIRECTORY_URL_FILE: secret })).toEqual({ kind: 'postgres', url })
  })

  test('its password may be in a file of its own, and any text', () => {
    writeFileSync(join(folder.path, 'password'), 'p@ss/wörd:%\n')
    const apart = { STILLIN_DIRECTORY_PASSWORD_FILE: join(folder.path, 'password') }
    const urlOf = (more: Record<string, string>) => {
      const { directory } = readNodeConfig({ ...environment, ...apart, ...more })
      return directory.kind === 'postgres' ? new URL(directory.url) : undefined
    }
    expect(decodeURIComponent(urlOf({ STILLIN_DIRECTORY_URL: url })?.password ?? '')).toBe('p@ss/wörd:%')
    expect(urlOf({ STILLIN_DIRECTORY_URL: 'postgres://a:own@db/x' })?.password).toBe('own')
  })

  test.each([
    [{ STILLIN_DIRECTORY_FILE: undefined }, /^STILLIN_DIRECTORY_FILE: set it to .*STILLIN_DIRECTORY_URL/],
    [
      { STILLIN_DIRECTORY_URL: 'mysql://secret@x' },
      /^STILLIN_DIRECTORY_URL: expected postgres:\/\/user@host/,
    ],
    [
      { STILLIN_DIRECTORY_URL: url, STILLIN_DIRECTORY_URL_FILE: secret },
      /^STILLIN_DIRECTORY_URL: set either/,
    ],
    [{ STILLIN_DIRECTORY_URL_FILE: '/nowhere' }, /^STILLIN_DIRECTORY_URL_FILE: .*nowhere/],
    [
      { STILLIN_DIRECTORY_URL: url, STILLIN_DIRECTORY_PASSWORD_FILE: '/nowhere' },
      /^STILLIN_DIRECTORY_PASSWORD_FILE: .*nowhere/,
    ],
  ])('%o is refused', (change, message) => {
    const said = problem(change)
    expect(said).toMatch(message)
    expect(said).not.toContain('mysql://secret')
  })
})

import { expect, it } from 'vitest'
import { isBehindTls } from '#cluster/links.ts'
import type { RedisServer } from '#cluster/redis/redis-server.ts'
import type { StoreServer } from '#cluster/stores/store-server.ts'
import { linkWords } from '#contract/links.ts'

const redis = (url: string) => ({ redis: { url } as RedisServer, store: undefined })
const store = (name: 'file' | 'memcached' | 'postgres', url: string) => ({
  redis: undefined,
  store: { store: { name, url } } as StoreServer,
})

it.each([
  ['no store', { redis: undefined, store: undefined }, false],
  ['Redis', redis('redis://127.0.0.1:6379'), false],
  ['Redis by TLS', redis('rediss://cache.example:6380'), true],
  ['memcached', store('memcached', 'memcached://127.0.0.1:11211'), false],
  ['PostgreSQL', store('postgres', 'postgres://lab@127.0.0.1:5432/lab'), false],
  ['PostgreSQL without TLS', store('postgres', 'postgres://db.example/lab?sslmode=disable'), false],
  ['PostgreSQL by TLS', store('postgres', 'postgres://db.example/lab?sslmode=verify-full'), true],
  ['a folder', store('file', '/tmp/sessions'), false],
])('whether a relay can lead to a store is seen in its address: %s', (_what, central, behindTls) => {
  expect(isBehindTls(central)).toBe(behindTls)
})

it.each([
  [{}, 'healthy'],
  [{ delayMs: 0, jitterMs: 0, cut: false, silent: false }, 'healthy'],
  [{ delayMs: 50 }, '50 ms more a round trip'],
  [{ delayMs: 5, jitterMs: 2 }, '5 ms more a round trip, up to 2 ms of jitter'],
  [{ delayMs: 5, silent: true }, 'silent'],
  [{ silent: true, cut: true }, 'cut'],
])('a link is said in words: %o', (request, words) => {
  expect(linkWords(request)).toBe(words)
})

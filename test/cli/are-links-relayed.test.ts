import { expect, it } from 'vitest'
import { areLinksRelayed } from '#bench/cli/are-links-relayed.ts'
import type { RedisServer } from '#cluster/redis/redis-server.ts'

const plain = { redis: { url: 'redis://127.0.0.1:6379' } as RedisServer, store: undefined }
const tls = { redis: { url: 'rediss://cache.example' } as RedisServer, store: undefined }

it.each([
  ['by itself', undefined, plain, true, []],
  ['by itself, before a Redis behind TLS', undefined, tls, false, [expect.stringContaining('over TLS')]],
  ['with --links', true, plain, true, []],
  // The cluster refuses it then, and says why.
  ['with --links, before a Redis behind TLS', true, tls, true, []],
  ['with --no-links', false, plain, false, []],
] as const)(
  'a cluster to play with has relays where it can: %s',
  (_what, wanted, central, relayed, notes) => {
    const noted: string[] = []
    expect(areLinksRelayed(wanted, central, (text) => noted.push(text))).toBe(relayed)
    expect(noted).toEqual(notes)
  },
)

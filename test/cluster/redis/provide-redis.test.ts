import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { freePort } from '#cluster/free-port.ts'
import { installHint } from '#cluster/redis/install-hint.ts'
import { type MissingRedis, provideRedis } from '#cluster/redis/provide-redis.ts'
import type { RedisFinder, RedisServer } from '#cluster/redis/redis-server.ts'
import { scratch, script } from './requests.ts'

const SERVER: RedisServer = {
  url: 'redis://127.0.0.1:1',
  version: '7.0.15',
  origin: 'cache',
  description: 'a Redis',
  [Symbol.asyncDispose]: async () => {},
}

describe('Redis', () => {
  it('comes from the first way that has one; later ways are not tried', async () => {
    const tried: string[] = []
    const finder =
      (name: string, answer: Awaited<ReturnType<RedisFinder>>): RedisFinder =>
      async () => {
        tried.push(name)
        return answer
      }
    const finders = [finder('one', { missing: 'none' }), finder('two', SERVER), finder('three', SERVER)]
    expect(await provideRedis({ finders })).toBe(SERVER)
    expect(tried).toEqual(['one', 'two'])
  })

  it('is undefined where no way has one, and every reason is told with what helps', async () => {
    let told: MissingRedis | undefined
    const finders: RedisFinder[] = [async () => ({ missing: 'no cat' }), async () => ({ missing: 'no dog' })]
    const redis = await provideRedis({
      finders,
      path: '',
      onMissing: (missing) => {
        told = missing
      },
    })
    expect(redis).toBeUndefined()
    expect(told).toEqual({ reasons: ['no cat', 'no dog'], hint: await installHint('') })
  })

  it('is never replaced by another where one was named and does not answer', async () => {
    await expect(provideRedis({ redisUrl: `redis://127.0.0.1:${await freePort()}` })).rejects.toThrow(
      'REDIS_URL',
    )
  })

  it('is not looked for any further once that is no longer wanted', async () => {
    const wish = new AbortController()
    const finders: RedisFinder[] = [
      async () => {
        wish.abort(new Error('no longer wanted'))
        return { missing: 'none' }
      },
      async () => SERVER,
    ]
    await expect(provideRedis({ finders, signal: wish.signal })).rejects.toThrow('no longer wanted')
  })

  it.each([
    ['brew', 'Run `brew install redis`.'],
    ['apt-get', 'Run `sudo apt-get install redis-server`.'],
    ['pacman', 'Run `sudo pacman -S valkey`.'],
  ])('is had by one command where there is %s', async (program, hint) => {
    await using folder = await scratch()
    await script(join(folder.path, program), '')
    expect(await installHint(folder.path)).toBe(hint)
  })

  it('can be named where no package manager is known', async () => {
    expect(await installHint('')).toContain('REDIS_URL')
  })
})

import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { describe, expect, it } from 'vitest'
import { freePort } from '#cluster/free-port.ts'
import { findByUrl } from '#cluster/redis/find-by-url.ts'
import { EXIT } from '#contract/errors.ts'
import { testRedis } from '../../redis.ts'
import { request } from './requests.ts'

async function serving(server: Server): Promise<{ port: number } & AsyncDisposable> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const sockets = new Set<{ destroy(): void }>()
  server.on('connection', (socket) => sockets.add(socket))
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}

async function refusal(redisUrl: string) {
  return findByUrl(request({ redisUrl })).then(
    () => {
      throw new Error('it was taken')
    },
    (error: Error & { exitCode?: number; hint?: string }) => error,
  )
}

describe('REDIS_URL', () => {
  it('is taken when a Redis answers there, and is left running afterwards', async () => {
    await using redis = await testRedis()
    for (let round = 0; round < 2; round += 1) {
      const found = await findByUrl(request({ redisUrl: redis.url }))
      if ('missing' in found) throw new Error(found.missing)
      expect(found).toMatchObject({ url: redis.url, origin: 'REDIS_URL' })
      expect(found.version).toMatch(/^\d+\.\d+/)
      await found[Symbol.asyncDispose]()
    }
  })

  it('is refused by name when a web server answers there', async () => {
    await using web = await serving(createHttpServer((_request, response) => response.end('hello')))
    const error = await refusal(`redis://127.0.0.1:${web.port}`)
    expect(error.message).toContain(
      `REDIS_URL: what answers at redis://127.0.0.1:${web.port} is not a usable Redis`,
    )
    expect(error.exitCode).toBe(EXIT.usage)
    expect(error.hint).toContain('leave REDIS_URL and --redis-url out')
  })

  it('is refused when something accepts and never answers', async () => {
    await using silent = await serving(createServer(() => {}))
    expect((await refusal(`redis://127.0.0.1:${silent.port}`)).message).toContain('REDIS_URL')
  })

  it('is refused when nothing listens there', async () => {
    expect((await refusal(`redis://127.0.0.1:${await freePort()}`)).message).toContain('ECONNREFUSED')
  })

  it('is refused without its password being shown', async () => {
    const { message } = await refusal(`redis://:hunter2@127.0.0.1:${await freePort()}`)
    expect(message).not.toContain('hunter2')
  })

  it.each(['127.0.0.1:6379', 'http://127.0.0.1:6379', 'nonsense'])(
    'is refused when it is no such address: %s',
    async (url) => {
      expect((await refusal(url)).message).toBe('REDIS_URL is not an address like redis://127.0.0.1:6379')
    },
  )

  it('is passed over when it is not set', async () => {
    expect(await findByUrl(request())).toEqual({ missing: 'REDIS_URL is not set' })
  })
})

import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { Redis } from 'ioredis'
import { beforeAll, describe, expect, it } from 'vitest'
import { searchPath } from '#cluster/config.ts'
import { findInCache } from '#cluster/redis/find-in-cache.ts'
import { findInDebian } from '#cluster/redis/find-in-debian.ts'
import { findInDocker, REDIS_IMAGE } from '#cluster/redis/find-in-docker.ts'
import { findOnPath } from '#cluster/redis/find-on-path.ts'
import type { Missing, RedisServer } from '#cluster/redis/redis-server.ts'
import { demandPid, whenGone } from '../processes.ts'
import { realRedis, request, scratch, script } from './requests.ts'

let real: string
beforeAll(async () => {
  real = await realRedis()
})

function found(answer: RedisServer | Missing): RedisServer {
  if ('missing' in answer) throw new Error(answer.missing)
  return answer
}

/** Reads settings of a running Redis by name. */
async function settingsOf(redis: RedisServer): Promise<(name: string) => string> {
  const client = new Redis(redis.url)
  const listed = (await client.config('GET', 'save', 'appendonly', 'bind', 'dir')) as string[]
  client.disconnect()
  return (name) => listed[listed.indexOf(name) + 1] ?? ''
}

describe('a Redis on the PATH', () => {
  it.each(['redis-server', 'valkey-server'])('is run by the name of %s', async (name) => {
    await using folder = await scratch()
    const file = await script(join(folder.path, name), `exec ${real} "$@"`)
    await using redis = found(await findOnPath(request({ path: `/nonexistent${delimiter}${folder.path}` })))
    expect(redis).toMatchObject({ origin: 'path', description: `${file} ${redis.version}` })
  })

  it('writes nothing, listens on loopback alone, and is gone when it is disposed', async () => {
    await using folder = await scratch()
    await script(join(folder.path, 'redis-server'), `exec ${real} "$@"`)
    const redis = found(await findOnPath(request({ path: folder.path })))
    const value = await settingsOf(redis)
    expect([value('save'), value('appendonly'), value('bind')]).toEqual(['', 'no', '127.0.0.1'])
    expect(await readdir(value('dir'))).toEqual([])
    await redis[Symbol.asyncDispose]()
    await whenGone([demandPid(redis.pid)])
    expect(existsSync(value('dir'))).toBe(false)
  })

  it('keeps an append-only file in its own folder where that is asked for', async () => {
    await using folder = await scratch()
    await script(join(folder.path, 'redis-server'), `exec ${real} "$@"`)
    await using redis = found(await findOnPath(request({ path: folder.path, persistence: 'aof' })))
    const value = await settingsOf(redis)
    expect(value('appendonly')).toBe('yes')
    expect(await readdir(value('dir'))).toEqual(['appendonlydir'])
    const client = new Redis(redis.url)
    await client.set('kept', 'yes')
    client.disconnect()
    await redis.controls?.kill()
    await redis.controls?.start()
    const again = new Redis(redis.url)
    expect(await again.get('kept')).toBe('yes')
    again.disconnect()
  })

  it('that cannot run is passed over with its own words', async () => {
    await using folder = await scratch()
    await script(join(folder.path, 'redis-server'), 'echo "no such library" >&2; exit 127')
    const answer = await findOnPath(request({ path: folder.path }))
    expect(answer).toMatchObject({ missing: expect.stringContaining('no such library') })
  })

  it('is missed where there is none', async () => {
    const missing = 'no redis-server or valkey-server on the PATH'
    expect(await findOnPath(request())).toEqual({ missing })
  })
})

describe('a Redis fetched earlier', () => {
  it('is run from the cache, with the libraries that came with it', async () => {
    await using cache = await scratch()
    const root = join(cache.path, 'redis/root')
    await script(
      join(root, 'usr/bin/redis-server'),
      `echo "$LD_LIBRARY_PATH" > '${root}/seen'; exec ${real} "$@"`,
    )
    await script(join(root, 'usr/lib/x86_64-linux-gnu/libjemalloc.so.2'), '')
    await using redis = found(await findInCache(request({ cacheFolder: cache.path })))
    expect(redis.origin).toBe('cache')
    expect(await readFile(join(root, 'seen'), 'utf8')).toContain(join(root, 'usr/lib/x86_64-linux-gnu'))
  })

  it('is missed where there is none', async () => {
    expect(await findInCache(request())).toEqual({ missing: 'none was fetched earlier' })
  })
})

/** An apt-get that names and "downloads" two packages, and a dpkg that "unpacks" a server from one of them. */
async function fakeDebian(folder: string, aptGet: string): Promise<string> {
  await script(join(folder, 'apt-get'), `echo "$@" >> '${folder}/calls'\n${aptGet}`)
  await script(
    join(folder, 'dpkg'),
    `mkdir -p "$3/usr/bin"
     printf '#!/bin/sh\\nexec ${real.replaceAll("'", "'\\''")} "$@"\\n' > "$3/usr/bin/redis-server"
     chmod 755 "$3/usr/bin/redis-server"`,
  )
  return `${folder}${delimiter}${searchPath()}`
}

const APT_GET_THAT_WORKS = `
case "$*" in
  *install*) echo "Inst liblzf1 (3.6 Debian)"; echo "Inst adduser (3 Debian)"; echo "Inst redis-server (7 Debian)" ;;
  *download*) for name in liblzf1 redis-server; do echo x > "$name.deb"; done ;;
esac`

describe('the Debian package', () => {
  it('is fetched into the cache, asking the system for nothing else', async () => {
    await using folder = await scratch()
    await using cache = await scratch()
    const path = await fakeDebian(folder.path, APT_GET_THAT_WORKS)
    await using redis = found(await findInDebian(request({ path, cacheFolder: cache.path })))
    expect(redis.origin).toBe('debian')
    expect(await readdir(join(cache.path, 'redis'))).toEqual(['root'])
    await using again = found(await findInCache(request({ cacheFolder: cache.path })))
    expect(again.origin).toBe('cache')
  })

  it('is fetched with lists of its own where the system’s do not serve', async () => {
    await using folder = await scratch()
    await using cache = await scratch()
    const path = await fakeDebian(
      folder.path,
      `case "$*" in *Dir::State::Lists*) ;; *) echo "E: Unable to locate package redis-server" >&2; exit 100 ;; esac
       ${APT_GET_THAT_WORKS}`,
    )
    await using redis = found(await findInDebian(request({ path, cacheFolder: cache.path })))
    expect(redis.origin).toBe('debian')
  })

  it('that cannot be fetched is passed over with apt’s own words, and leaves nothing half done', async () => {
    await using folder = await scratch()
    await using cache = await scratch()
    const path = await fakeDebian(folder.path, 'echo "E: no network" >&2; exit 100')
    expect(await findInDebian(request({ path, cacheFolder: cache.path }))).toEqual({
      missing: 'the Debian package could not be fetched (E: no network)',
    })
    expect(await readdir(join(cache.path, 'redis'))).toEqual([])
  })

  it('is missed on another system', async () => {
    const missing = 'no Debian package to fetch (no apt-get and dpkg)'
    expect(await findInDebian(request())).toEqual({ missing })
  })
})

describe('a Redis in Docker', () => {
  it('is run on a loopback port and removed when it is disposed', async () => {
    await using folder = await scratch()
    const calls = join(folder.path, 'calls')
    await script(
      join(folder.path, 'docker'),
      `echo "$@" >> '${calls}'
       case "$1" in
         run) port=$(echo "$*" | sed 's/.*127.0.0.1:\\([0-9]*\\):6379.*/\\1/')
           ${real} --port "$port" --bind 127.0.0.1 --save '' --dir '${folder.path}' > /dev/null 2>&1 &
           echo $! > '${folder.path}/pid' ;;
         rm) kill "$(cat '${folder.path}/pid')" ;;
       esac`,
    )
    const redis = found(await findInDocker(request({ path: `${folder.path}${delimiter}${searchPath()}` })))
    expect(redis).toMatchObject({ origin: 'docker', description: expect.stringContaining(REDIS_IMAGE) })
    expect(redis.pid).toBeUndefined()
    const client = new Redis(redis.url)
    expect(await client.ping()).toBe('PONG')
    client.disconnect()
    await redis[Symbol.asyncDispose]()
    const pid = Number(await readFile(join(folder.path, 'pid'), 'utf8'))
    await whenGone([pid])
    expect(await readFile(calls, 'utf8')).toMatch(/^info .*\nrun .*\nrm --force --volumes stillin-redis-/)
  })

  it('is missed where the daemon does not answer', async () => {
    await using folder = await scratch()
    await script(join(folder.path, 'docker'), 'echo "Cannot connect to the Docker daemon" >&2; exit 1')
    expect(await findInDocker(request({ path: folder.path }))).toEqual({
      missing: 'docker is installed and its daemon does not answer',
    })
  })

  it('is missed where there is no docker', async () => {
    expect(await findInDocker(request())).toEqual({ missing: 'no docker on the PATH' })
  })
})

import { existsSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { createServer } from 'node:net'
import { delimiter, dirname, join } from 'node:path'
import { Client } from 'pg'
import { describe, expect, it } from 'vitest'
import { searchPath } from '#cluster/config.ts'
import { findProgram } from '#cluster/find-program.ts'
import { findersOf } from '#cluster/stores/find-server.ts'
import { MEMCACHED } from '#cluster/stores/memcached.ts'
import { provideStore } from '#cluster/stores/provide-store.ts'
import type { StoreFinder, StoreRequest } from '#cluster/stores/store-server.ts'
import { EXIT } from '#contract/errors.ts'
import { storePlace } from '../../store-places.ts'
import { demandPid, whenGone } from '../processes.ts'
import { scratch, script } from '../redis/requests.ts'

const [byUrl, , fetchedEarlier, inDebian] = findersOf(MEMCACHED) as [
  StoreFinder,
  StoreFinder,
  StoreFinder,
  StoreFinder,
]

function request(members: Partial<StoreRequest> = {}): StoreRequest {
  return {
    url: undefined,
    path: '',
    cacheFolder: '/nonexistent',
    signal: undefined,
    note: () => {},
    ...members,
  }
}

describe('a real memcached', () => {
  it('answers on loopback alone, and is gone when it is disposed', async (context) => {
    const server = await storePlace('memcached')
    if (typeof server === 'string') return context.skip(server)
    expect(server).toMatchObject({ store: { name: 'memcached' }, origin: expect.any(String) })
    expect(await MEMCACHED.probe(server.store.url)).toEqual({ version: server.version })
    const named = await byUrl(request({ url: server.store.url }))
    expect(named).toMatchObject({ store: server.store, origin: 'STILLIN_STORE_URL' })
    await server[Symbol.asyncDispose]()
    await whenGone([demandPid(server.pid)])
  })
})

describe('a real PostgreSQL', () => {
  it('lets in who knows this lab’s password, and is gone with its folder when it is disposed', async (context) => {
    const server = await storePlace('postgres')
    if (typeof server === 'string') return context.skip(server)
    const client = new Client(server.store.url)
    await client.connect()
    const { rows } = await client.query<{ folder: string }>(
      "SELECT current_setting('data_directory') AS folder",
    )
    await client.end()
    const url = new URL(server.store.url)
    url.password = 'guessed'
    await expect(new Client(url.href).connect()).rejects.toThrow(/password authentication failed/)
    const folder = dirname(rows[0]?.folder ?? '')
    expect(existsSync(folder)).toBe(true)
    await server[Symbol.asyncDispose]()
    await whenGone([demandPid(server.pid)])
    expect(existsSync(folder)).toBe(false)
  })
})

describe('a store without a server', () => {
  it.each(['file', 'sqlite'] as const)('%s is in a temporary folder that goes with it', async (name) => {
    const place = await provideStore(name)
    expect(place).toMatchObject({ store: { name }, origin: 'folder' })
    const folder = dirname(place?.store.url ?? '')
    expect(existsSync(folder)).toBe(true)
    await place?.[Symbol.asyncDispose]()
    expect(existsSync(folder)).toBe(false)
  })

  it('is where somebody said, by an absolute path', async () => {
    expect(await provideStore('file', { url: '/srv/sessions' })).toMatchObject({
      store: { name: 'file', url: '/srv/sessions' },
      origin: 'STILLIN_STORE_URL',
    })
    await expect(provideStore('sqlite', { url: 'sessions.sqlite' })).rejects.toMatchObject({
      message: expect.stringContaining('expected an absolute path'),
      exitCode: EXIT.usage,
    })
  })
})

describe('a place where nothing can be kept', () => {
  const here = import.meta.filename
  it.each([
    ['file', here, /nothing can be kept at .*provide-store.test.ts: .* is no folder/],
    ['file', join(here, 'below'), /: .*provide-store.test.ts is no folder/],
    ['sqlite', dirname(here), /: it is a folder, and SQLite wants a file/],
    ['sqlite', join(dirname(here), 'nowhere', 'a.sqlite'), /: there is no such file or folder/],
  ] as const)('%s at %s is refused before anything starts', async (name, url, message) => {
    await expect(provideStore(name, { url })).rejects.toMatchObject({
      message: expect.stringMatching(message),
      exitCode: EXIT.usage,
    })
  })
})

describe('STILLIN_STORE_URL', () => {
  it('is refused when it is no such address, or what answers there is something else', async () => {
    await expect(byUrl(request({ url: 'redis://127.0.0.1:6379' }))).rejects.toMatchObject({
      message: 'STILLIN_STORE_URL: for store memcached expected an address like memcached://127.0.0.1:11211',
      exitCode: EXIT.usage,
    })
    const other = createServer((socket) =>
      socket
        .on('error', () => {})
        .resume()
        .end('HTTP/1.1 400 Bad Request\r\n\r\n'),
    )
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as { port: number }
    const url = `memcached://127.0.0.1:${port}`
    await expect(provideStore('memcached', { url })).rejects.toMatchObject({
      message: expect.stringContaining(`what answers at ${url} is not a usable memcached`),
      exitCode: EXIT.usage,
    })
    await new Promise((resolve) => other.close(resolve))
  })
})

describe('a memcached that is not installed', () => {
  it('is fetched from the distribution into the cache, and found there the next time', async (context) => {
    const real = await findProgram('memcached', [searchPath(), ...(await MEMCACHED.folders('/'))].join(':'))
    if (real === undefined) return context.skip('this machine has no memcached to stand for the fetched one')
    await using folder = await scratch()
    await using cache = await scratch()
    await script(
      join(folder.path, 'apt-get'),
      `case "$*" in
         *install*) echo "Inst libevent-2.1-7 (2 Debian)"; echo "Inst adduser (3 Debian)"; echo "Inst memcached (1 Debian)" ;;
         *download*) for name in libevent-2.1-7 memcached; do echo x > "$name.deb"; done ;;
       esac`,
    )
    await script(
      join(folder.path, 'dpkg'),
      `mkdir -p "$3/usr/bin"; printf '#!/bin/sh\\nexec ${real} "$@"\\n' > "$3/usr/bin/memcached"; chmod 755 "$3/usr/bin/memcached"; chmod -R a+rX "$3/.."`,
    )
    // Root runs it as nobody, who must be able to look into this folder.
    await chmod(cache.path, 0o755)
    const path = `${folder.path}${delimiter}${searchPath()}`
    const fetched = await inDebian(request({ path, cacheFolder: cache.path }))
    if ('missing' in fetched) throw new Error(fetched.missing)
    expect(fetched.origin).toBe('debian')
    await fetched[Symbol.asyncDispose]()
    const again = await fetchedEarlier(request({ cacheFolder: cache.path }))
    if ('missing' in again) throw new Error(again.missing)
    expect(again.origin).toBe('cache')
    await again[Symbol.asyncDispose]()
  })

  it('is undefined where there is no way to it, and every reason is told with what helps', async () => {
    let told: unknown
    const store = await provideStore('memcached', {
      path: '',
      finders: [async () => ({ missing: 'no cat' }), fetchedEarlier],
      cacheFolder: '/nonexistent',
      onMissing: (missing) => {
        told = missing
      },
    })
    expect(store).toBeUndefined()
    expect(told).toEqual({
      reasons: ['no cat', 'none was fetched earlier'],
      hint: 'Install memcached so that memcached is on the PATH, or set STILLIN_STORE_URL.',
    })
  })
})

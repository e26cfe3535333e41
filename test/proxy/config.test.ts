import { writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { StillinError } from '#contract/errors.ts'
import { readConfig } from '../../proxy/config.ts'
import { keysFile } from './processes.ts'

describe('the environment of the proxy', () => {
  let keys: Awaited<ReturnType<typeof keysFile>>
  beforeAll(async () => {
    keys = await keysFile()
  })
  afterAll(() => keys[Symbol.asyncDispose]())

  const good = (): NodeJS.ProcessEnv => ({
    HOME: '/somewhere',
    STILLIN_PORT: '8080',
    STILLIN_ADMIN_PORT: '0',
    STILLIN_ADMIN_TOKEN: 'secret',
    STILLIN_MODE: 'sticky',
    STILLIN_KEYS_FILE: keys.path,
    STILLIN_UPSTREAMS: 'node-1=http://127.0.0.1:20001, node-2=http://[::1]:20002',
  })
  const refusal = (change: NodeJS.ProcessEnv): StillinError => {
    try {
      readConfig({ ...good(), ...change })
    } catch (error) {
      if (error instanceof StillinError) return error
    }
    throw new Error('was accepted')
  }

  test('is read whole', () => {
    expect(
      readConfig({ ...good(), STILLIN_FORWARDER: 'undici', STILLIN_TLS: '1', STILLIN_GENERATION: '7' }),
    ).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      admin: { host: '127.0.0.1', port: 0 },
      proxy: {
        mode: 'sticky',
        generation: 7,
        forwarder: 'undici',
        tls: true,
        adminToken: 'secret',
        upstreams: [
          { id: 'node-1', url: new URL('http://127.0.0.1:20001') },
          { id: 'node-2', url: new URL('http://[::1]:20002') },
        ],
      },
    })
  })

  test('may be no more than a port and upstreams: no private listener, pins that end with the process', () => {
    const alone = { STILLIN_PORT: '80', STILLIN_UPSTREAMS: 'a=http://127.0.0.1:1;weight=3' }
    const { admin, proxy } = readConfig(alone)
    expect(admin).toBeUndefined()
    expect(proxy.adminToken).toBeUndefined()
    expect(proxy.cookieSecret).toHaveLength(32)
    expect(proxy.upstreams).toEqual([{ id: 'a', url: new URL('http://127.0.0.1:1'), weight: 3 }])
    expect(readConfig(alone).proxy.cookieSecret).not.toEqual(proxy.cookieSecret)
  })

  test.each([
    ['mode', { kind: 'by-mode' }],
    ['none', { kind: 'none' }],
    ['cookie', { kind: 'cookie' }],
    ['hash:session', { kind: 'hash', source: { kind: 'cookie', name: 'session' } }],
    ['hash:header:X-User', { kind: 'hash', source: { kind: 'header', name: 'x-user' } }],
  ])('reads the affinity %s', (value, affinity) => {
    expect(readConfig({ ...good(), STILLIN_AFFINITY: value }).proxy.affinity).toEqual(affinity)
  })

  test('has http-proxy as the forwarder unless told otherwise', () => {
    expect(readConfig(good()).proxy.forwarder).toBe('http-proxy')
  })

  test.each([
    ['STILLIN_PORT', undefined],
    ['STILLIN_PORT', '-1'],
    ['STILLIN_PORT', '65536'],
    ['STILLIN_PORT', 'http'],
    ['STILLIN_ADMIN_PORT', '8x'],
    ['STILLIN_MODE', 'cloud'],
    ['STILLIN_GENERATION', '-2'],
    ['STILLIN_TLS', 'yes'],
    ['STILLIN_FORWARDER', 'nginx'],
    ['STILLIN_KEYS_FILE', '/nowhere/keys.json'],
    ['STILLIN_UPSTREAMS', ''],
    ['STILLIN_UPSTREAMS', 'http://127.0.0.1:1'],
    ['STILLIN_UPSTREAMS', 'a=https://127.0.0.1:1'],
    ['STILLIN_UPSTREAMS', 'a=http://127.0.0.1:1/path'],
    ['STILLIN_UPSTREAMS', 'a=http://u:p@127.0.0.1:1'],
    ['STILLIN_UPSTREAMS', 'a=http://127.0.0.1:1,a=http://127.0.0.1:2'],
    ['STILLIN_UPSTREAMS', 'a=http://127.0.0.1:1;weight=0'],
    ['STILLIN_BALANCER', 'random'],
    ['STILLIN_AFFINITY', 'hash:'],
    ['STILLIN_AFFINITY', 'sticky'],
    ['STILLIN_TRUSTED_PROXIES', 'localhost'],
    ['STILLIN_TRUSTED_PROXIES', '10.0.0.0/33'],
    ['STILLIN_ACCESS_LOG', 'yes'],
    ['STILLIN_LOG_LEVEL', 'loud'],
    ['STILLIN_RESOLVE_S', '0'],
    ['STILLIN_PLANT', 'anything'],
    ['STILLIN_SECRET', 'x'],
  ])('refuses %s=%s by its name, with what to do', (name, value) => {
    const error = refusal({ [name]: value })
    expect(error.message).toContain(name)
    expect(error.hint).toBeTruthy()
    expect(error.exitCode).toBe(2)
  })

  test('refuses a private listener without a token, and one with two', () => {
    expect(refusal({ STILLIN_ADMIN_TOKEN: undefined }).message).toContain('no token')
    expect(refusal({ STILLIN_ADMIN_TOKEN_FILE: '/x' }).message).toContain('both')
  })

  test('takes the token from a file, without the line end', async () => {
    const path = `${keys.path}.token`
    await writeFile(path, 'from-a-file\n')
    const { proxy } = readConfig({
      ...good(),
      STILLIN_ADMIN_TOKEN: undefined,
      STILLIN_ADMIN_TOKEN_FILE: path,
    })
    expect(proxy.adminToken).toBe('from-a-file')
  })

  test.each([
    ['no JSON', 'not json'],
    ['no secret', '{}'],
    ['a short secret', '{"cookieSecret":"c2hvcnQ"}'],
  ])('refuses a key ring with %s', async (_title, content) => {
    const path = `${keys.path}.bad`
    await writeFile(path, content)
    expect(refusal({ STILLIN_KEYS_FILE: path }).message).toContain('STILLIN_KEYS_FILE')
  })
})

import { describe, expect, test } from 'vitest'
import { readNodeConfig } from '#services/auth/config.ts'
import { readShopConfig } from '#services/shop/config.ts'
import { freshKeyRing } from '../auth/keys.ts'
import { nodeEnvironment, temporaryFolder } from '../auth/test-node.ts'

const GOOD = {
  STILLIN_PORT: '0',
  STILLIN_AUTH_URL: 'http://127.0.0.1:8080/',
  STILLIN_SHOP_SECRET: 'shop-secret-0123456789',
}

describe('the settings of the shop', () => {
  test('are read, with what is left out filled in', () => {
    expect(readShopConfig({ ...GOOD, PATH: '/bin' })).toEqual({
      host: '127.0.0.1',
      port: 0,
      authUrl: 'http://127.0.0.1:8080',
      secret: 'shop-secret-0123456789',
      lifetimeMaxS: 300,
    })
  })

  test.each([
    [{ STILLIN_PORT: '65536' }, 'STILLIN_PORT: expected a port, 0 to 65535, got "65536"'],
    [{ STILLIN_PORT: undefined }, 'STILLIN_PORT: expected a port, 0 to 65535; it is not set'],
    [{ STILLIN_AUTH_URL: 'file:///etc' }, 'STILLIN_AUTH_URL: expected the http:// or https:// address'],
    [{ STILLIN_SHOP_SECRET: 'short' }, 'STILLIN_SHOP_SECRET: expected a secret of at least 16'],
    [{ STILLIN_LIFETIME_S: '0' }, 'STILLIN_LIFETIME_S: expected a whole number of seconds'],
    [{ STILLIN_MODE: 'jwt' }, 'STILLIN_MODE: no such setting of the shop'],
  ])('are refused by name: %o', (wrong, message) => {
    expect(() => readShopConfig({ ...GOOD, ...wrong })).toThrow(message)
  })

  test('a node takes both of its own or neither', () => {
    using folder = temporaryFolder()
    const read = (more: Record<string, string>) =>
      readNodeConfig(nodeEnvironment(folder.path, freshKeyRing(), more)).shop
    const origin = { STILLIN_SHOP_ORIGIN: 'http://127.0.0.1:4000' }
    const secret = { STILLIN_SHOP_SECRET: GOOD.STILLIN_SHOP_SECRET }
    expect(read({})).toBeUndefined()
    expect(read({ ...origin, ...secret })).toEqual({
      origin: 'http://127.0.0.1:4000',
      secret: GOOD.STILLIN_SHOP_SECRET,
    })
    for (const half of [origin, secret])
      expect(() => read(half)).toThrow('STILLIN_SHOP_ORIGIN and STILLIN_SHOP_SECRET: set both or neither')
    expect(() => read({ ...secret, STILLIN_SHOP_ORIGIN: 'http://a/path' })).toThrow('STILLIN_SHOP_ORIGIN')
  })
})

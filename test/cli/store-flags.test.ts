import { expect, test } from 'vitest'
import { chosenStore } from '#bench/cli/store-flags.ts'
import { findCentralStore } from '#bench/experiment/lab/central-store.ts'
import { EXIT } from '#contract/errors.ts'

const QUIET = { update: () => {}, note: () => {} }
const NEVER = new AbortController().signal

test('a place without a store is refused by the name of the flag', () => {
  expect(chosenStore({})).toEqual({ store: 'redis', storeUrl: undefined })
  expect(chosenStore({ store: 'file', storeUrl: '/srv/s' })).toEqual({ store: 'file', storeUrl: '/srv/s' })
  expect(() => chosenStore({ storeUrl: '/srv/s' })).toThrow(
    expect.objectContaining({ message: '--store-url has no meaning without --store', exitCode: EXIT.usage }),
  )
})

test('another store serves mode redis; the other modes that need Redis are left out by name', async () => {
  const central = await findCentralStore(
    { modes: ['local', 'redis', 'jwt-denylist', 'jwt'], store: 'sqlite', redisUrl: undefined },
    QUIET,
    NEVER,
  )
  await using store = central.store
  expect(store?.store.name).toBe('sqlite')
  expect(central.redis).toBeUndefined()
  expect(central.modes).toEqual(['local', 'redis', 'jwt'])
  expect(central.leftOut).toEqual([
    "jwt-denylist: left out, because --store sqlite takes Redis's place for mode redis alone.",
  ])
})

test('refresh tokens want a store wherever logins are not in a node’s memory', async () => {
  const modes = ['sticky', 'jwt'] as const
  const central = await findCentralStore(
    { modes, store: 'sqlite', refreshTokens: true, redisUrl: undefined },
    QUIET,
    NEVER,
  )
  await using store = central.store
  expect(store?.store.name).toBe('sqlite')
  expect(central.modes).toEqual(modes)
})

test('no store is looked for where no mode needs one', async () => {
  const modes = ['local', 'jwt'] as const
  const central = await findCentralStore({ modes, store: 'postgres', redisUrl: undefined }, QUIET, NEVER)
  expect(central).toEqual({ redis: undefined, store: undefined, modes, leftOut: [] })
})

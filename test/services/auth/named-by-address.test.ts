import { expect, test } from 'vitest'
import { namedByAddress } from '#services/auth/named-by-address.ts'

const surroundings = {
  waitMs: 0,
  resolve: async (name: string) => (name === 'auth' ? ['10.0.0.5', '10.0.0.6'] : []),
  own: () => ['127.0.0.1', '10.0.0.6'],
}

test('a node whose id ends with a star is called by its address among those of the peers’ name', async () => {
  const environment = { STILLIN_NODE_ID: 'node-*', STILLIN_PEERS: 'node-*=http://auth:3001' }
  expect(await namedByAddress(environment, surroundings)).toEqual({
    ...environment,
    STILLIN_NODE_ID: 'node-10-0-0-6',
  })
})

test('it waits until the name leads to it', async () => {
  const answers = [['10.0.0.5'], ['10.0.0.5', '10.0.0.6']]
  const resolve = async () => answers.shift() ?? []
  const environment = { STILLIN_NODE_ID: 'node-*', STILLIN_PEERS: 'node-*=http://auth:3001' }
  expect(await namedByAddress(environment, { ...surroundings, resolve, waitMs: 5_000 })).toMatchObject({
    STILLIN_NODE_ID: 'node-10-0-0-6',
  })
})

test('any other id stays as it is', async () => {
  const environment = { STILLIN_NODE_ID: 'node-1', STILLIN_PEERS: 'none' }
  expect(await namedByAddress(environment, surroundings)).toBe(environment)
})

test('it says what is missing where no name is given, and where the name is not known', async () => {
  const named = (peers: string) =>
    namedByAddress({ STILLIN_NODE_ID: 'node-*', STILLIN_PEERS: peers }, surroundings)
  await expect(named('node-1=http://auth:3001')).rejects.toMatchObject({ exitCode: 2 })
  await expect(
    namedByAddress(
      { STILLIN_NODE_ID: 'node-*', STILLIN_PEERS: 'node-*=http://auth:3001' },
      { ...surroundings, resolve: () => Promise.reject(new Error('ENOTFOUND')) },
    ),
  ).rejects.toMatchObject({ message: 'STILLIN_PEERS: auth cannot be resolved', exitCode: 4 })
})

import { expect, it } from 'vitest'
import { findProject, listContainers } from '#cluster/compose/find-project.ts'
import { fakeDocker, inspected } from './containers.ts'

const shop = fakeDocker([inspected('proxy', 1), inspected('node', 10), inspected('node', 2)])

it('the only project is the one that is meant', async () => {
  expect(await findProject(shop.docker, undefined)).toBe('shop')
  expect(await findProject(shop.docker, 'shop')).toBe('shop')
})

it('of several, one must be named; and one that is not there is not another', async () => {
  const two = fakeDocker([inspected('node', 1), inspected('node', 1, { project: 'other' })])
  await expect(findProject(two.docker, undefined)).rejects.toMatchObject({
    message: 'several Compose projects run the lab: other, shop',
    exitCode: 4,
  })
  await expect(findProject(two.docker, 'third')).rejects.toThrow('no Compose project "third" runs the lab')
  await expect(findProject(fakeDocker([]).docker, undefined)).rejects.toMatchObject({
    hint: expect.stringContaining('docker-compose up'),
  })
})

it('parts come in the order of their services and numbers', async () => {
  expect((await listContainers(shop.docker, 'shop')).map(({ name }) => name)).toEqual([
    'shop_node_2',
    'shop_node_10',
    'shop_proxy_1',
  ])
})

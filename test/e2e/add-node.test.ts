import { expect, it } from 'vitest'
import { ask, surveyHoldings } from '#bench/experiment/costs/survey.ts'
import { askAdmin } from '#bench/experiment/lab/admin-client.ts'
import { startCluster } from '#cluster/local-cluster.ts'
import { MODES } from '#contract/modes.ts'
import type { NodeUsage } from '#contract/node-admin.ts'
import type { ProxyState } from '#contract/proxy-admin.ts'
import { ADMIN_ROUTES } from '#contract/routes.ts'
import { stillinTarget } from '#contract/target.ts'

it('a node that joins knows every login, hears of new ones, switches with the others, and is forgotten when it goes', async () => {
  await using cluster = await startCluster({ mode: 'replicated', nodes: 2, links: true })
  const { adminToken, proxy } = cluster
  const usageOf = async (id: string) => {
    const url = cluster.nodes().find((node) => node.id === id)?.adminUrl ?? ''
    return askAdmin<NodeUsage>(url, adminToken, 'GET', ADMIN_ROUTES.usage)
  }
  const upstreams = async () =>
    (await askAdmin<ProxyState>(proxy.adminUrl, adminToken, 'GET', ADMIN_ROUTES.cluster)).upstreams.map(
      ({ id, health }) => `${id} ${health}`,
    )
  const early = await cluster.seed('node-1', { userIds: ['user-1', 'user-2'] })

  expect(await cluster.addNode()).toBe('node-3')
  expect(await upstreams()).toEqual(['node-1 up', 'node-2 up', 'node-3 up'])
  const { replication } = await usageOf('node-3')
  expect(replication?.catchUps).toBeGreaterThan(0)
  const target = stillinTarget(MODES.replicated, proxy.url, cluster.nodes())
  const late = [
    ...(await cluster.seed('node-2', { userIds: ['user-3'] })),
    ...(await cluster.seed('node-3', { userIds: ['user-4'] })),
  ]
  const everywhere = ['node-1', 'node-2', 'node-3']
  const holdings = await surveyHoldings(target, [...early, ...late])
  expect(holdings.map(({ acceptedBy }) => acceptedBy)).toEqual(Array(4).fill(everywhere))
  await cluster.link('node-1', 'node-3', { delayMs: 1 })
  await cluster.link('node-3', 'node-1', {})

  await cluster.setMode('jwt')
  expect((await usageOf('node-3')).mode).toBe('jwt')
  await cluster.setMode('replicated')

  await cluster.pause('node-2')
  await expect(cluster.removeNode('node-3')).rejects.toThrow('node-2 is paused and cannot be told')
  await cluster.resume('node-2')
  await cluster.removeNode('node-3')
  expect(cluster.nodes().map(({ id }) => id)).toEqual(['node-1', 'node-2'])
  expect(await upstreams()).toEqual(['node-1 up', 'node-2 up'])
  await expect(cluster.removeNode('node-3')).rejects.toThrow('there is no node "node-3"')
  await expect(cluster.link('node-1', 'node-3', {})).rejects.toThrow('there is no link')
  // What began at the node that left lives on.
  for (const { url } of target.nodes.slice(0, 2)) {
    for (const credential of late) expect(await ask(target, url, credential)).toBe('in')
  }
})

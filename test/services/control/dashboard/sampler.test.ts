import { expect, it } from 'vitest'
import type { ClusterState } from '#contract/control.ts'
import type { NodeUsage, ProxyUsage } from '#contract/node-admin.ts'
import type { ProxyState } from '#contract/proxy-admin.ts'
import { createPartReader } from '#services/control/dashboard/part-reader.ts'
import { createSampler } from '#services/control/dashboard/sampler.ts'
import { part } from '../parts.ts'

const NO_LOAD = { ok: 0, refused: 0, failed: 0, p50Ms: null, slowestMs: null }

/** A node and a proxy that answer what the test says; undefined: they do not. */
function sampled(canSignal: boolean) {
  let nowMs = 1_000_000
  const node: { usage: NodeUsage | undefined } = { usage: undefined }
  const proxy: { state: ProxyState | undefined } = { state: undefined }
  const reader = {
    ...createPartReader('admin', 1),
    nodeUsage: async () => node.usage,
    proxyUsage: async (): Promise<ProxyUsage | undefined> => undefined,
    proxyState: async () => proxy.state,
  }
  const sampler = createSampler(reader, () => nowMs)
  return {
    async after(
      ms: number,
      answered: number | undefined,
      cpuUs?: number,
      condition = part('node-1').condition,
      more: object = {},
    ) {
      nowMs += ms
      const upstream = { id: 'node-1', health: 'up', inFlight: 2, answered }
      proxy.state = answered === undefined ? undefined : ({ upstreams: [upstream] } as unknown as ProxyState)
      const usage = { id: 'node-1', pid: 7, atUs: nowMs * 1_000, cpu: { userUs: cpuUs, systemUs: 0 } }
      node.usage =
        cpuUs === undefined
          ? undefined
          : ({ ...usage, sessions: { held: 20 }, ...more } as unknown as NodeUsage)
      const parts = [part('node-1', condition), part('proxy')]
      const state: ClusterState = { mode: 'local', generation: 1, canSignal, parts }
      const { nodes, cpu } = await sampler.sample(state, NO_LOAD)
      return { ...nodes[0], cpu: cpu.nodes }
    },
  }
}

it('has no figure of the proxy where the proxy did not answer, and not a nought', async () => {
  const { after } = sampled(true)
  await after(1_000, 100)
  expect(await after(1_000, 150)).toMatchObject({ answeredPerS: 50, inFlight: 2 })
  expect(await after(1_000, undefined)).toMatchObject({ answeredPerS: null, inFlight: null })
  expect(await after(1_000, 250)).toMatchObject({ answeredPerS: null, inFlight: 2 })
})

it('counts the sessions of a node and its copies, also when the mode that copies is over', async () => {
  const { after } = sampled(true)
  expect(await after(1_000, 0, 5, 'ready', { replication: { held: 3 } })).toMatchObject({ sessions: 23 })
})

it('counts no sessions of a node that is dead, and does not know those of one that is silent', async () => {
  const own = sampled(true)
  expect(await own.after(1_000, 0, 5)).toMatchObject({ sessions: 20 })
  expect(await own.after(1_000, 0, undefined, 'paused')).toMatchObject({ sessions: null })
  expect(await own.after(1_000, 0, undefined, 'stopped')).toMatchObject({ sessions: 0 })
  // In containers nobody knows more than that it did not answer.
  expect(await sampled(false).after(1_000, 0, undefined, 'stopped')).toMatchObject({ sessions: null })
})

it('compares with a second ago, and with nothing that is older or another process of the same pid', async () => {
  const { after } = sampled(true)
  await after(1_000, 100, 0)
  expect(await after(1_000, 100, 500_000)).toMatchObject({ cpu: 50 })
  expect(await after(60_000, 900, 600_000)).toMatchObject({ cpu: null, answeredPerS: null })
  expect(await after(1_000, 910, 700_000)).toMatchObject({ cpu: 10, answeredPerS: 10 })
  expect(await after(1_000, 920, 1_000)).toMatchObject({ cpu: null })
})

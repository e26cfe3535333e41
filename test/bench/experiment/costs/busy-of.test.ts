import { expect, it } from 'vitest'
import { busyOf } from '#bench/experiment/costs/take-window.ts'

const node = (id: string, answered: number, busyShare: number) => ({
  id,
  cpuUs: 1,
  loopUs: 1,
  lookups: answered,
  ok: answered,
  answered,
  eventLoopDelayP99Ms: 1,
  busyShare,
})

it('how busy the node was is said of the one that answered, not of those that nobody asked', () => {
  const nodes = [node('node-1', 0, 0.02), node('node-2', 9_000, 0.97), node('node-3', 1, 0.03)]
  expect(busyOf({ nodes })).toEqual({ nodeBusy: 0.97 })
})

it('a node that cannot say how busy it was leaves nothing behind', () => {
  expect(busyOf({ nodes: [node('node-1', 10, Number.NaN)] })).toEqual({})
  expect(busyOf({ nodes: [] })).toEqual({})
})

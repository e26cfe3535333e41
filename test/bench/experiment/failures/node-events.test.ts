import { expect, it } from 'vitest'
import { toNodeEvents } from '#bench/experiment/failures/proxy-events.ts'
import type { ClusterEvent } from '#cluster/cluster.ts'

it('tells of a run what its nodes did themselves, on the run’s clock', () => {
  const event = (atUs: number, kind: ClusterEvent['kind'], part: string): ClusterEvent => ({
    atUs,
    kind,
    part,
  })
  const events = [
    event(1_000, 'ready', 'node-1'),
    event(6_000, 'killed', 'node-1'),
    event(7_000, 'exited', 'node-2'),
    event(8_000, 'ready', 'redis'),
    event(9_000, 'ready', 'node-1'),
  ]
  expect(toNodeEvents(events, 5_000)).toEqual([
    { atMs: 2, source: 'node', kind: 'exited', part: 'node-2' },
    { atMs: 4, source: 'node', kind: 'ready', part: 'node-1' },
  ])
})

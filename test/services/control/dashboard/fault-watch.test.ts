import { expect, it } from 'vitest'
import type { ClusterState, PartState } from '#contract/control.ts'
import { createFaultWatch } from '#services/control/dashboard/fault-watch.ts'
import { createJournal } from '#services/control/dashboard/journal.ts'
import { part } from '../parts.ts'

function watching(first: readonly PartState[]) {
  let state: ClusterState = { mode: 'local', generation: 1, canSignal: true, parts: first }
  const journal = createJournal()
  const watch = createFaultWatch(
    () => state,
    journal,
    () => 5,
  )
  return {
    watch,
    see(parts: readonly PartState[]) {
      state = { ...state, parts }
      watch.notice()
      return journal.since(0).map(({ text }) => text)
    },
  }
}

it('takes a part that stops for a fault, and one that starts for none', () => {
  const { watch, see } = watching([part('node-1')])
  see([part('node-1', 'stopped')])
  expect(watch.fault()).toEqual({ part: 'node-1', what: 'stopped', atMs: 5 })
  expect(see([part('node-1')])).toEqual(['node-1: ready → stopped', 'node-1: stopped → ready'])
})

it('takes a part that is there no more for a fault: a dead container has no address', () => {
  const { watch, see } = watching([part('node-1'), part('node-2')])
  expect(see([part('node-1')])).toEqual(['node-2: gone'])
  expect(watch.fault()).toEqual({ part: 'node-2', what: 'no longer there', atMs: 5 })
  expect(see([part('node-1'), part('node-3')])).toEqual(['node-2: gone', 'node-3: joined, ready'])
  expect(watch.fault()?.part).toBe('node-2')
})

it('does not tell of the parts that were there first', () => {
  expect(watching([]).see([part('node-1'), part('proxy')])).toEqual([])
})

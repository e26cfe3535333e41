import { describe, expect, it } from 'vitest'
import type { PartState } from '#contract/control.ts'
import { createClusterView } from '#services/control/cluster-view.ts'
import { switchMode } from '#services/control/switch-mode.ts'
import { fakeParts, part, problem } from './parts.ts'

function cluster(parts: readonly PartState[] = [part('node-1'), part('node-2'), part('proxy')]) {
  const view = createClusterView('local', true)
  view.update(parts)
  return view
}

describe('a switch', () => {
  it('prepares the nodes, then the proxy, and commits the nodes, then the proxy', async () => {
    const [view, parts] = [cluster(), fakeParts()]
    expect(await switchMode(view, parts, 'jwt')).toEqual({ mode: 'jwt', generation: 2 })
    expect(parts.told).toEqual([
      'prepare node-1 jwt@2',
      'prepare node-2 jwt@2',
      'prepare proxy jwt@2',
      'commit node-1 jwt@2',
      'commit node-2 jwt@2',
      'commit proxy jwt@2',
    ])
    expect(view.state()).toMatchObject({ mode: 'jwt', generation: 2 })
  })

  it.each([
    ['a node refuses', 'node-2', true, 409],
    ['a node does not answer', 'node-2', false, 502],
    ['the proxy refuses', 'proxy', true, 409],
  ])('is aborted everywhere when %s to prepare', async (_what, id, refused, status) => {
    const [view, parts] = [cluster(), fakeParts()]
    parts.problems.set(`prepare ${id}`, problem(id, refused))
    expect(await switchMode(view, parts, 'redis')).toEqual({
      status,
      message: `${id} said no`,
      switched: false,
    })
    expect(parts.told.filter((line) => line.startsWith('abort'))).toEqual([
      'abort node-1 redis@2',
      'abort node-2 redis@2',
      'abort proxy redis@2',
    ])
    expect(parts.told.some((line) => line.startsWith('commit'))).toBe(false)
    expect(view.state()).toMatchObject({ mode: 'local', generation: 1 })
  })

  it('never uses a generation twice, also after one that was aborted', async () => {
    const [view, parts] = [cluster(), fakeParts()]
    parts.problems.set('prepare node-1', problem('node-1', true))
    await switchMode(view, parts, 'redis')
    parts.problems.clear()
    expect(await switchMode(view, parts, 'jwt')).toEqual({ mode: 'jwt', generation: 3 })
  })

  it('leaves out what is stopped', async () => {
    const view = cluster([part('node-1'), part('node-2', 'stopped'), part('proxy', 'stopped')])
    const parts = fakeParts()
    expect(await switchMode(view, parts, 'jwt')).toMatchObject({ mode: 'jwt' })
    expect(parts.told).toEqual(['prepare node-1 jwt@2', 'commit node-1 jwt@2'])
  })

  it.each(['paused', 'starting'] as const)('asks nobody while a node is %s', async (condition) => {
    const view = cluster([part('node-1'), part('node-2', condition), part('proxy')])
    const parts = fakeParts()
    expect(await switchMode(view, parts, 'jwt')).toEqual({
      status: 409,
      message: `node-2 is ${condition} and cannot switch with the others`,
      switched: false,
    })
    expect(parts.told).toEqual([])
  })

  it('says that no node runs', async () => {
    const view = cluster([part('node-1', 'stopped'), part('proxy')])
    expect(await switchMode(view, fakeParts(), 'jwt')).toMatchObject({
      status: 409,
      message: 'no node is running',
    })
  })

  it('stands once all have agreed, though a node dies before its commit', async () => {
    const view = cluster()
    const parts = fakeParts()
    parts.problems.set('commit node-2', problem('node-2', false))
    const original = parts.phase
    parts.phase = async (target, request) => {
      if (request.phase === 'commit') view.update([part('node-1'), part('node-2', 'stopped'), part('proxy')])
      return original(target, request)
    }
    expect(await switchMode(view, parts, 'jwt')).toEqual({ mode: 'jwt', generation: 2 })
  })

  it('stands when the answer to a commit was lost but the node is in the new generation', async () => {
    const [view, parts] = [cluster(), fakeParts()]
    parts.problems.set('commit node-2', problem('node-2', false))
    parts.generations.set('node-2', 2)
    expect(await switchMode(view, parts, 'jwt')).toEqual({ mode: 'jwt', generation: 2 })
  })

  it('says who has not confirmed it, and still lets the proxy go', async () => {
    const [view, parts] = [cluster(), fakeParts()]
    parts.problems.set('commit node-2', problem('node-2', false, 'node-2 did not answer'))
    expect(await switchMode(view, parts, 'jwt')).toEqual({
      status: 502,
      message: 'switched to jwt, but not confirmed: node-2 did not answer',
      switched: true,
    })
    expect(parts.told.at(-1)).toBe('commit proxy jwt@2')
    expect(view.state()).toMatchObject({ mode: 'jwt', generation: 2 })
  })

  it('tells the mode as soon as it is decided, before anybody commits', async () => {
    const [view, parts] = [cluster(), fakeParts()]
    let toldBefore = -1
    await switchMode(view, parts, 'jwt', () => {
      toldBefore = parts.told.filter((line) => line.startsWith('commit')).length
    })
    expect(toldBefore).toBe(0)
  })
})

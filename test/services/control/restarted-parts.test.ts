import { describe, expect, it } from 'vitest'
import { createClusterView } from '#services/control/cluster-view.ts'
import { createControl } from '#services/control/control.ts'
import { freshKeyRing } from '../auth/keys.ts'
import { fakeParts, part, problem } from './parts.ts'

/** A cluster in containers: whoever comes back starts as its file says, and only control knows what has changed. */
async function setUp() {
  const parts = fakeParts()
  const problems: string[] = []
  let ring = freshKeyRing()
  const control = createControl({
    view: createClusterView('local', false),
    client: parts,
    supervisor: undefined,
    keys: {
      read: async () => ring,
      write: async (next) => {
        ring = next
      },
    },
    onProblem: (message) => problems.push(message),
  })
  await control.observe([part('node-1'), part('node-2'), part('proxy')])
  /** Both looks that a poller takes: one without it, one with it. */
  const restart = async (id: string): Promise<void> => {
    parts.renewals.delete(id)
    parts.told.length = 0
    const all = ['node-1', 'node-2', 'proxy']
    await control.observe(all.map((one) => part(one, one === id ? 'stopped' : 'ready')))
    await control.observe(all.map((one) => part(one)))
  }
  return { control, parts, problems, restart }
}

describe('a part that starts again while the cluster runs', () => {
  it('is told nothing where nothing was changed', async () => {
    const { parts, restart } = await setUp()
    await restart('node-2')
    await restart('proxy')
    expect(parts.told).toEqual([])
  })

  it('renews logins as was set meanwhile, also if it was down then', async () => {
    const { control, parts, restart } = await setUp()
    expect(await control.renewBy({ renewal: 'pair', refresh: 'stateless' })).toMatchObject({ late: [] })
    expect(parts.told).toEqual(['renew node-1 pair', 'renew node-2 pair'])
    expect(control.state().renewal).toEqual({ renewal: 'pair', refresh: 'stateless' })
    await restart('node-2')
    expect(parts.told).toEqual(['renew node-2 pair'])
    expect(parts.renewals.get('node-2')).toEqual({ renewal: 'pair', refresh: 'stateless' })
  })

  it('is told a renewal again and again until it takes it', async () => {
    const { control, parts, problems } = await setUp()
    parts.problems.set('renew node-2', problem('node-2', false, 'node-2 did not answer'))
    expect(await control.renewBy({ renewal: 'pair' })).toMatchObject({ late: ['node-2'] })
    const all = [part('node-1'), part('node-2'), part('proxy')]
    await control.observe(all)
    expect(problems).toEqual(['node-2 did not answer'])
    parts.problems.clear()
    await control.observe(all)
    expect(parts.renewals.get('node-2')?.renewal).toBe('pair')
    parts.told.length = 0
    await control.observe(all)
    expect(parts.told).toEqual([])
  })

  it('changes no renewal that every node refuses, or that one cannot take with the others', async () => {
    const { control, parts } = await setUp()
    for (const id of ['node-1', 'node-2']) parts.problems.set(`renew ${id}`, problem(id, true, `${id}: no`))
    expect(await control.renewBy({ renewal: 'rolling' })).toEqual({
      status: 409,
      message: 'node-1: no; node-2: no',
    })
    await control.observe([part('node-1', 'paused'), part('node-2'), part('proxy')])
    expect(await control.renewBy({ renewal: 'pair' })).toMatchObject({
      status: 409,
      message: expect.stringContaining('node-1 is paused'),
    })
    expect(control.state()).not.toHaveProperty('renewal')
  })

  it('reads the keys once more where they were changed: it may have read them in the middle', async () => {
    const { control, parts, restart } = await setUp()
    expect(await control.rotateKeys(false)).toHaveProperty('currentKid')
    await restart('node-1')
    expect(parts.told).toEqual(['keys node-1'])
  })

  it('keeps a node drained where the proxy starts again, until it is resumed', async () => {
    const { control, parts, restart } = await setUp()
    await control.drain('node-2')
    await restart('proxy')
    expect(parts.told).toEqual(['drain node-2'])
    expect(control.state().parts.find(({ id }) => id === 'node-2')?.condition).toBe('draining')
    await control.act('resume', 'node-2')
    await restart('proxy')
    expect(parts.told).toEqual([])
  })
})

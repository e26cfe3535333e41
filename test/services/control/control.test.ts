import { describe, expect, it } from 'vitest'
import { createClusterView } from '#services/control/cluster-view.ts'
import { createControl } from '#services/control/control.ts'
import type { ActError, SupervisorLink } from '#services/control/supervisor-link.ts'
import { fakeParts, part, problem } from './parts.ts'

function supervisorThat(answer: ActError | undefined, done: string[] = []): SupervisorLink {
  return {
    act: async (action, id) => {
      done.push(`${action} ${id}`)
      return answer
    },
    link: async (from, to, request) => {
      done.push(`link ${from} ${to} ${JSON.stringify(request)}`)
      return answer
    },
    add: async () => {
      done.push('add')
      return answer ?? 'node-3'
    },
    remove: async (id) => {
      done.push(`remove ${id}`)
      return answer
    },
    shutdown: async () => answer,
    tellRenewal: ({ renewal }) => void done.push(`renewal ${renewal}`),
    tellMode: (mode, generation) => void done.push(`mode ${mode}@${generation}`),
  }
}

async function setUp(supervisor: SupervisorLink | undefined) {
  const parts = fakeParts()
  const view = createClusterView('local', supervisor !== undefined)
  const problems: string[] = []
  const control = createControl({
    view,
    client: parts,
    supervisor,
    onProblem: (message) => problems.push(message),
  })
  await control.observe([part('node-1'), part('node-2'), part('proxy')])
  return { control, parts, problems }
}

describe('control', () => {
  it('tells the supervisor the mode it has decided on', async () => {
    const done: string[] = []
    const { control } = await setUp(supervisorThat(undefined, done))
    await control.switchMode('jwt')
    expect(done).toEqual(['mode jwt@2'])
  })

  it('does one switch after the other, and refuses when too many wait', async () => {
    const { control, parts } = await setUp(supervisorThat(undefined))
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, (_, index) => control.switchMode(index % 2 === 0 ? 'jwt' : 'cookie')),
    )
    const refused = outcomes.filter((outcome) => 'status' in outcome)
    expect(refused).toHaveLength(3)
    expect(refused.every((outcome) => outcome.status === 409)).toBe(true)
    const order = parts.told.map((line) => Number(line.split('@')[1]))
    expect(order).toEqual(order.toSorted((a, b) => a - b))
  })

  it('starts a node only between switches, and kills at once', async () => {
    const done: string[] = []
    const { control, parts } = await setUp(supervisorThat(undefined, done))
    const gate = Promise.withResolvers<undefined>()
    parts.phase = () => gate.promise
    const switching = control.switchMode('jwt')
    const starting = control.act('start', 'node-2')
    await control.act('kill', 'node-1')
    expect(done).toEqual(['kill node-1'])
    gate.resolve(undefined)
    await Promise.all([switching, starting])
    expect(done).toEqual(['kill node-1', 'mode jwt@2', 'start node-2'])
  })

  it('adds and removes nodes only between switches, and the next switch includes who was added', async () => {
    const done: string[] = []
    const { control, parts } = await setUp(supervisorThat(undefined, done))
    const gate = Promise.withResolvers<undefined>()
    const { phase } = parts
    parts.phase = () => gate.promise
    const switching = control.switchMode('jwt')
    const adding = control.addNode()
    const removing = control.removeNode('node-2')
    gate.resolve(undefined)
    expect((await Promise.all([switching, adding, removing])).slice(1)).toEqual([{ id: 'node-3' }, undefined])
    expect(done).toEqual(['mode jwt@2', 'add', 'remove node-2'])
    parts.phase = phase
    await control.observe([part('node-1'), part('node-3'), part('proxy')])
    await control.switchMode('cookie')
    expect(parts.told.filter((line) => line.includes('cookie'))).toContain('commit node-3 cookie@3')
    expect(parts.told.join()).not.toContain('node-2 cookie')
  })

  it('says who can add a node where nobody supervises', async () => {
    const { control } = await setUp(undefined)
    expect(await control.addNode()).toMatchObject({ status: 409, message: /docker-compose up -d --scale/ })
  })

  it('passes on why the supervisor did not do it', async () => {
    const { control } = await setUp(supervisorThat({ status: 409, message: 'node-1 is stopped already' }))
    expect(await control.act('kill', 'node-1')).toEqual({ status: 409, message: 'node-1 is stopped already' })
  })

  it('leaves links to the supervisor', async () => {
    const done: string[] = []
    const { control } = await setUp(supervisorThat(undefined, done))
    expect(await control.link('node-1', 'redis', { delayMs: 5 })).toBeUndefined()
    expect(done).toEqual(['link node-1 redis {"delayMs":5}'])
  })

  it('names the parts there are when asked for another', async () => {
    const { control } = await setUp(supervisorThat(undefined))
    const expected = { status: 404, message: 'there is no part "node-9"; there are node-1, node-2, proxy' }
    expect(await control.act('kill', 'node-9')).toEqual(expected)
    expect(await control.drain('node-9')).toEqual(expected)
  })

  it('drains a node until it is resumed', async () => {
    const { control, parts } = await setUp(supervisorThat(undefined))
    expect(await control.drain('node-2')).toBeUndefined()
    const condition = () => control.state().parts.find(({ id }) => id === 'node-2')?.condition
    expect(condition()).toBe('draining')
    expect(await control.act('resume', 'node-2')).toBeUndefined()
    expect(condition()).toBe('ready')
    expect(parts.told).toEqual(['drain node-2', 'undrain node-2'])
  })

  it('drains nothing but nodes that run', async () => {
    const { control } = await setUp(supervisorThat(undefined))
    expect(await control.drain('proxy')).toMatchObject({ status: 409 })
    await control.observe([part('node-1', 'stopped'), part('node-2'), part('proxy')])
    expect(await control.drain('node-1')).toEqual({ status: 409, message: 'node-1 is stopped' })
  })

  it('brings a part that came up in another generation into the present one', async () => {
    const { control, parts } = await setUp(undefined)
    await control.switchMode('jwt')
    parts.told.length = 0
    parts.generations.set('node-2', 1)
    await control.observe([part('node-1'), part('node-2', 'stopped'), part('proxy')])
    await control.observe([part('node-1'), part('node-2'), part('proxy')])
    expect(parts.told).toEqual(['prepare node-2 jwt@2', 'commit node-2 jwt@2'])
  })

  it('tries again with a part that could not be told, and says so meanwhile', async () => {
    const { control, parts, problems } = await setUp(undefined)
    await control.switchMode('jwt')
    parts.generations.set('node-2', 1)
    parts.problems.set('prepare node-2', problem('node-2', false, 'node-2 did not answer'))
    await control.observe([part('node-1'), part('node-2', 'stopped'), part('proxy')])
    await control.observe([part('node-1'), part('node-2'), part('proxy')])
    expect(problems).toEqual(['node-2 did not answer'])
    parts.problems.clear()
    await control.observe([part('node-1'), part('node-2'), part('proxy')])
    expect(parts.generations.get('node-2')).toBe(2)
  })

  it('says that containers are killed with docker where there is no supervisor', async () => {
    const { control } = await setUp(undefined)
    expect(control.state().canSignal).toBe(false)
    expect(await control.act('kill', 'node-1')).toMatchObject({
      status: 409,
      message: expect.stringContaining('--cluster compose'),
    })
    expect(await control.shutdown()).toMatchObject({ status: 409 })
  })
})

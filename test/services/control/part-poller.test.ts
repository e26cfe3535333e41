import { describe, expect, it } from 'vitest'
import type { PartClient } from '#services/control/part-client.ts'
import { lookAtParts, pollParts, type Sighting } from '#services/control/part-poller.ts'
import { fakeParts, problem } from './parts.ts'

const NODES = ['node-1', 'node-2'].map((id) => ({
  id,
  kind: 'node' as const,
  url: `http://${id}:3000`,
  adminUrl: `http://${id}:3001`,
}))

describe('a look at the parts', () => {
  it('takes the one that answers for ready and the other for stopped', async () => {
    const fake = fakeParts()
    const client: PartClient = {
      ...fake,
      modeOf: async (part) => (part.id === 'node-2' ? problem('node-2', false) : fake.modeOf(part)),
    }
    const { parts } = await lookAtParts(NODES, client)
    expect(parts.map(({ id, condition, pid }) => [id, condition, pid])).toEqual([
      ['node-1', 'ready', 100],
      ['node-2', 'stopped', undefined],
    ])
  })

  it('finds the newest generation, as a restarted control must', async () => {
    const client = fakeParts()
    client.generations.set('node-2', 7)
    expect((await lookAtParts(NODES, client)).newest).toMatchObject({ generation: 7 })
  })

  it('names who is behind it, whatever its pid: in a container that is the same again', async () => {
    const client = fakeParts()
    client.generations.set('node-2', 7)
    expect((await lookAtParts(NODES, client)).behind).toEqual(['node-1'])
  })
})

describe('polling', () => {
  it('looks again after each look, one at a time, until it is disposed', async () => {
    const sighting: Sighting = { parts: [], newest: undefined, behind: [] }
    let looking = 0
    let looks = 0
    const third = Promise.withResolvers<void>()
    const polling = pollParts(
      async () => {
        looking += 1
        expect(looking).toBe(1)
        return sighting
      },
      async () => {
        looking -= 1
        looks += 1
        if (looks === 3) third.resolve()
      },
      1,
    )
    await third.promise
    polling[Symbol.dispose]()
    expect(looks).toBe(3)
  })
})

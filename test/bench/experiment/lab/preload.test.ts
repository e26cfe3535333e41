import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkFilled, type Filled, preloadSeconds } from '#bench/experiment/lab/preload.ts'
import { batchesOf, holderIds } from '#bench/experiment/lab/preload-shares.ts'
import { demandMemory, sessionRoom } from '#bench/experiment/lab/session-room.ts'

const shares = fc.record({
  sessions: fc.integer({ min: 0, max: 30_000 }),
  firstUser: fc.integer({ min: 0, max: 50 }),
  holders: fc.integer({ min: 1, max: 300 }),
  nodes: fc.integer({ min: 1, max: 5 }),
})

describe('sessions to be made beforehand', () => {
  it('come to exactly as many, nobody with more than one more than anybody else, each person at one node', () => {
    fc.assert(
      fc.property(shares, (wanted) => {
        const own = new Map<string, number>()
        for (let node = 0; node < wanted.nodes; node += 1)
          for (const { userIds, each } of batchesOf(wanted, node)) {
            expect(userIds.length * each).toBeLessThanOrEqual(Math.max(5_000, each))
            for (const id of userIds) {
              expect(own.has(id)).toBe(false)
              own.set(id, each)
            }
          }
        const counts = [...own.values()]
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(wanted.sessions)
        if (wanted.sessions >= wanted.holders) {
          expect(counts).toHaveLength(wanted.holders)
          expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
        }
      }),
      { numRuns: 30 },
    )
  })

  it('are nobody’s of the load', () => {
    expect(holderIds({ sessions: 5, firstUser: 2, holders: 3, nodes: 2 })).toEqual([
      ['user-3', 'user-5'],
      ['user-4'],
    ])
  })

  it('are planned for once where two modes look into the same home', () => {
    expect(preloadSeconds(['redis', 'redis-cached', 'jwt'], 1_000_000)).toBe(
      preloadSeconds(['redis'], 1_000_000),
    )
    expect(preloadSeconds(['jwt', 'cookie'], 1_000_000)).toBe(0)
  })
})

describe('the count of them', () => {
  const redis: Filled = {
    home: 'redis',
    mode: 'redis',
    seconds: 12.34,
    before: [{ holder: 'Redis', sessions: 3 }],
    after: [{ holder: 'Redis', sessions: 1_003 }],
  }
  const end = (sessions: number) => [{ holder: 'Redis', sessions }]

  it('says how many there were, and of the load’s at the end', () => {
    expect(checkFilled(redis, 1_000, end(1_291))).toEqual({
      name: 'redis: 1,000 live sessions are there',
      ok: true,
      detail: 'made in 12.3 s, counted 1,000; at the end, with those of the load: Redis 1,291',
      voids: 'run',
    })
  })

  it('voids a run in which one is missing, at the beginning or at the end', () => {
    const fewer = { ...redis, after: [{ holder: 'Redis', sessions: 1_002 }] }
    expect(checkFilled(fewer, 1_000, end(1_291))).toMatchObject({ ok: false, voids: 'run' })
    expect(checkFilled(redis, 1_000, end(1_002))).toMatchObject({ ok: false, voids: 'run' })
  })

  it('wants all of them in every node where every node is said to hold them', () => {
    const [before, after] = [0, 1_000].map((sessions) => [
      { holder: 'node-1', sessions },
      { holder: 'node-2', sessions },
    ])
    const copies = { home: 'every-node', mode: 'replicated', seconds: 1, before: before ?? [] } as const
    const lacking = [
      { holder: 'node-1', sessions: 1_000 },
      { holder: 'node-2', sessions: 999 },
    ]
    expect(checkFilled({ ...copies, after: after ?? [] }, 1_000, after ?? []).ok).toBe(true)
    expect(checkFilled({ ...copies, after: lacking }, 1_000, lacking)).toMatchObject({
      ok: false,
      detail: expect.stringContaining('counted 1,000 and 999'),
    })
  })
})

describe('the memory for them', () => {
  const live = { sessions: 1_000_000, payloadBytes: 0 }
  const availableBytes = 2.5e9

  it('stays within what a node can be told, also for the largest payload', () => {
    const { memory } = sessionRoom({ sessions: 5_000, payloadBytes: 65_536 })
    expect(memory.maxBytes).toBeGreaterThan(5_000 * 65_536)
    expect(String(memory.maxBytes)).toMatch(/^\d{1,10}$/)
  })

  it('counts each home once, and one that every node has as often as there are nodes', () => {
    const fits = { nodes: 3, availableBytes }
    expect(() =>
      demandMemory(live, { ...fits, modes: ['redis', 'redis-cached', 'jwt', 'sticky'] }),
    ).not.toThrow()
    expect(() => demandMemory(live, { ...fits, modes: ['replicated'] })).toThrow(
      '--sessions 1000000 in replicated may take 2.8 GiB, and 2.3 are free',
    )
  })
})

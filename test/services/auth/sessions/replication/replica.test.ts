import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { systemClock } from '#services/auth/clock.ts'
import type { Change, SessionChange } from '#services/auth/sessions/replication/change.ts'
import { Replica } from '#services/auth/sessions/replication/replica.ts'

const BOUNDS = { maxSessions: 100, maxBytes: 1_000_000, whenFull: 'refuse' } as const
const LATER_MS = Date.now() + 600_000

function session(more: Partial<SessionChange> = {}): SessionChange {
  return {
    kind: 'session',
    key: 'key-1',
    userId: 'user-1',
    role: 'user',
    loginAt: '2026-01-01T00:00:00.000Z',
    epoch: 0,
    deadlineMs: LATER_MS,
    idleDeadlineMs: LATER_MS,
    version: 1,
    writer: 'node-1',
    ...more,
  }
}

function copyOf(
  changes: readonly Change[],
  bounds: typeof BOUNDS | { maxSessions: number } = BOUNDS,
): Replica {
  const replica = new Replica(systemClock(), { ...BOUNDS, ...bounds })
  for (const change of changes) replica.apply(change)
  return replica
}

/** Everything a replica holds, whatever the order in which it came. */
function contents(replica: Replica): string[] {
  return [...replica.changes()].map((change) => JSON.stringify(Object.entries(change).sort())).sort()
}

const key = fc.constantFrom('key-1', 'key-2', 'key-3')
const change: fc.Arbitrary<Change> = fc.oneof(
  fc
    .record({ key, version: fc.integer({ min: 1, max: 4 }), writer: fc.constantFrom('node-1', 'node-2') })
    // A writer writes a version once: what it holds follows from the two.
    .map((one) => session({ ...one, data: { of: `${one.writer}@${one.version}` } })),
  key.map((one): Change => ({ kind: 'deletion', key: one, deadlineMs: LATER_MS })),
  fc.integer({ min: 1, max: 5 }).map((epoch): Change => ({ kind: 'epoch', userId: 'user-1', epoch })),
)

describe('copies that have seen the same changes', () => {
  test('hold the same, in whatever order the changes came and however often', () => {
    const orders = fc.array(change, { maxLength: 20 }).chain((changes) =>
      fc.tuple(
        fc.constant(changes),
        fc.shuffledSubarray([...changes, ...changes], {
          minLength: changes.length * 2,
          maxLength: changes.length * 2,
        }),
      ),
    )
    fc.assert(
      fc.property(orders, ([one, other]) => {
        expect(contents(copyOf(other))).toEqual(contents(copyOf(one)))
      }),
    )
  })

  test('hold the same when one is made from the other', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 20 }), (changes) => {
        const first = copyOf(changes)
        expect(contents(copyOf([...first.changes()]))).toEqual(contents(first))
      }),
    )
  })
})

describe('a deletion', () => {
  test('wins over a later version that comes after it', () => {
    const deletion = { kind: 'deletion', key: 'key-1', deadlineMs: LATER_MS } as const
    const replica = copyOf([session(), deletion])
    expect(replica.apply(session({ version: 9 }))).toBe('ignored')
    expect(replica.get('key-1')).toBeUndefined()
  })

  test('is remembered until the session would have ended, and no longer', () => {
    const clock = systemClock()
    const replica = new Replica(clock, BOUNDS)
    const deadlineMs = clock.now() + 5_000
    replica.apply({ kind: 'deletion', key: 'key-1', deadlineMs })
    clock.setOffset(6_000)
    expect(replica.apply(session({ deadlineMs }))).toBe('ignored')
    for (let other = 0; other < BOUNDS.maxSessions; other += 1)
      replica.apply({ kind: 'deletion', key: `other-${other}`, deadlineMs: LATER_MS })
    expect(replica.usage).toMatchObject({ tombstones: BOUNDS.maxSessions, tombstonesDropped: 0 })
  })

  test('is remembered in bounded number; what is given up is counted', () => {
    const replica = copyOf([], { maxSessions: 2 })
    for (const key of ['a', 'b', 'c']) replica.apply({ kind: 'deletion', key, deadlineMs: LATER_MS })
    expect(replica.usage).toMatchObject({ tombstones: 2, tombstonesDropped: 1 })
  })
})

test('a full copy says so, and keeps who is in', () => {
  const replica = copyOf([session({ key: 'a' })], { maxSessions: 1 })
  expect(replica.apply(session({ key: 'b' }))).toBe('full')
  expect(replica.apply(session({ key: 'a', version: 2 }))).toBe('applied')
  expect(replica.get('a')?.version).toBe(2)
})

describe('a clock that is fast for a while', () => {
  function fast() {
    const clock = systemClock()
    const replica = new Replica(clock, BOUNDS)
    replica.apply(session())
    clock.setOffset(700_000)
    return { replica, heal: () => clock.setOffset(0) }
  }

  test('refuses for that while, and forgets neither what was there nor what came meanwhile', () => {
    const { replica, heal } = fast()
    expect(replica.get('key-1')).toBeUndefined()
    expect(replica.usersOnline()).toBe(0)
    expect(replica.apply(session({ key: 'key-2' }))).toBe('applied')
    heal()
    expect(replica.keysOf('user-1')).toEqual(['key-1', 'key-2'])
    expect(replica.usersOnline()).toBe(1)
  })

  test('leaves nothing out of what a starting node is given', () => {
    const { replica } = fast()
    expect(copyOf([...replica.changes()]).get('key-1')).toEqual(session())
  })

  test('brings nothing back that was deleted meanwhile', () => {
    const { replica, heal } = fast()
    replica.apply({ kind: 'deletion', key: 'key-1', deadlineMs: LATER_MS })
    heal()
    expect(replica.apply(session({ version: 2 }))).toBe('ignored')
    expect(replica.get('key-1')).toBeUndefined()
  })
})

test('a user whose epoch has moved on is not online', () => {
  expect(copyOf([session(), { kind: 'epoch', userId: 'user-1', epoch: 1 }]).usersOnline()).toBe(0)
})

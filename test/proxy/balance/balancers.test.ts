import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Balancer } from '../../../proxy/balance/balancer.ts'
import { createBalancer } from '../../../proxy/balance/create-balancer.ts'
import { createLeastInFlight } from '../../../proxy/balance/least-in-flight.ts'
import { createPowerOfTwo } from '../../../proxy/balance/power-of-two.ts'
import { createRendezvous } from '../../../proxy/balance/rendezvous.ts'
import { createRoundRobin } from '../../../proxy/balance/round-robin.ts'
import { createKeyReader, parseKeySource } from '../../../proxy/balance/routing-key.ts'
import { createSlowStart } from '../../../proxy/balance/slow-start.ts'
import { Upstream } from '../../../proxy/upstream/upstream.ts'

const pool = (...weights: number[]): Upstream[] =>
  weights.map((weight, i) => new Upstream(`n${i + 1}`, new URL(`http://127.0.0.1:${i + 1}`), weight))
const NO_KEY = { key: undefined }
const pick = (balancer: Balancer, upstreams: readonly Upstream[], times: number): string =>
  Array.from({ length: times }, () => balancer.select(upstreams, NO_KEY)?.id.slice(1)).join('')
/** Draws that repeat: a tiny generator, so that a failure can be run again. */
const draws = (seed: number) => (): number => {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
  return seed / 0x1_0000_0000
}

describe.each([
  ['round robin', () => createRoundRobin()],
  ['least in flight', () => createLeastInFlight()],
  ['power of two', () => createPowerOfTwo(draws(1))],
  ['rendezvous', () => createRendezvous(createRoundRobin())],
] as const)('%s', (_name, create) => {
  test('chooses nobody from an empty pool', () => {
    expect(create().select([], NO_KEY)).toBeUndefined()
  })

  test('chooses the only one there is', () => {
    expect(pick(create(), pool(1), 3)).toBe('111')
  })

  test('chooses a member of the pool, whatever the pool does meanwhile, and leaves nobody out for ever', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 6 }), (weights) => {
        const balancer = create()
        const members = pool(...weights)
        const seen = new Set<string>()
        for (let i = 0; i < 200; i += 1) {
          const now = i % 7 === 0 && members.length > 1 ? members.slice(1) : members
          const chosen = balancer.select(now, { key: undefined })
          expect(now).toContain(chosen)
          seen.add(chosen?.id ?? '')
        }
        expect(seen.size).toBe(members.length)
      }),
      { seed: 4, numRuns: 30 },
    )
  })
})

describe('round robin', () => {
  test('takes turns', () => {
    expect(pick(createRoundRobin(), pool(1, 1, 1), 7)).toBe('1231231')
  })

  test('spreads weights smoothly instead of in clusters', () => {
    expect(pick(createRoundRobin(), pool(5, 1, 1), 7)).toBe('1121311')
  })

  test('goes on evenly when one leaves and comes back', () => {
    const balancer = createRoundRobin()
    const all = pool(1, 1, 1)
    pick(balancer, all, 4)
    pick(balancer, all.slice(0, 2), 10)
    const after = pick(balancer, all, 30)
    for (const id of '123') expect([...after].filter((one) => one === id).length).toBeGreaterThanOrEqual(9)
  })
})

describe('least in flight', () => {
  test('avoids the busy one', () => {
    const members = pool(1, 1, 1)
    for (const [i, load] of [5, 0, 5].entries()) Object.assign(members[i] ?? {}, { inFlight: load })
    expect(pick(createLeastInFlight(), members, 3)).toBe('222')
  })

  test('counts what is in flight against the weight', () => {
    const members = pool(4, 1)
    for (const [i, load] of [2, 1].entries()) Object.assign(members[i] ?? {}, { inFlight: load })
    expect(pick(createLeastInFlight(), members, 2)).toBe('11')
  })
})

describe('power of two', () => {
  test('never takes the busier of the two it drew', () => {
    const members = pool(1, 1, 1)
    Object.assign(members[1] ?? {}, { inFlight: 9 })
    expect(pick(createPowerOfTwo(draws(7)), members, 200)).not.toContain('2')
  })
})

describe('rendezvous', () => {
  const KEYS = Array.from({ length: 20_000 }, (_, i) => `user-${i}`)
  const place = (members: readonly Upstream[]): (string | undefined)[] => {
    const balancer = createRendezvous(createRoundRobin())
    return KEYS.map((key) => balancer.select(members, { key })?.id)
  }
  const three = pool(1, 1, 1)
  const before = place(three)

  test('gives everybody an even share', () => {
    for (const { id } of three)
      expect(before.filter((one) => one === id).length / KEYS.length).toBeCloseTo(1 / 3, 1)
  })

  test('moves only the users of one that goes, evenly to the others', () => {
    const after = place(three.slice(1))
    const moved = before.map((id, i) => [id, after[i]] as const).filter(([was, is]) => was !== is)
    expect(moved.every(([was]) => was === 'n1')).toBe(true)
    expect(moved.length).toBe(before.filter((id) => id === 'n1').length)
    expect(moved.filter(([, is]) => is === 'n2').length / moved.length).toBeCloseTo(0.5, 1)
  })

  test('moves a quarter when a fourth comes, all of them to it', () => {
    const after = place([...three, new Upstream('n4', new URL('http://127.0.0.1:4'))])
    const moved = after.filter((id, i) => id !== before[i])
    expect(moved.every((id) => id === 'n4')).toBe(true)
    expect(moved.length / KEYS.length).toBeCloseTo(0.25, 1)
  })

  test('gives a double weight a double share', () => {
    const placed = place(pool(2, 1, 1))
    expect(placed.filter((id) => id === 'n1').length / KEYS.length).toBeCloseTo(0.5, 1)
  })

  test('sends requests without a key the other way', () => {
    expect(pick(createRendezvous(createRoundRobin()), three, 3)).toBe('123')
  })
})

describe('the key that is hashed', () => {
  const read = (source: string, raw: readonly string[]): string | undefined => {
    const parsed = parseKeySource(source)
    if (!parsed) throw new Error(`${source} was not understood`)
    return createKeyReader(parsed)(raw)
  }

  test.each([
    ['session', ['Cookie', 'a=1; session=abc'], 'abc'],
    ['cookie:session', ['COOKIE', 'session=abc'], 'abc'],
    ['session', ['Cookie', 'xsession=no'], undefined],
    ['session', ['Cookie', 'session='], undefined],
    ['session', ['Cookie', 'a=1', 'Cookie', 'session=late'], 'late'],
    ['header:X-User', ['x-user', 'u1'], 'u1'],
    ['header:X-User', ['x-user', ''], undefined],
    ['header:X-User', [], undefined],
  ] as const)('by %s in %j is %s', (source, raw, key) => {
    expect(read(source, raw)).toBe(key)
  })

  test.each(['', 'a b', 'header:', 'query:x', 'a=b'])('cannot be named "%s"', (text) => {
    expect(parseKeySource(text)).toBeUndefined()
  })
})

describe('the slow start', () => {
  const settings = { overMs: 10_000, fromShare: 0.1 }

  test('gives one that came back a tenth of its turns at first, and all of them at the end', () => {
    let nowMs = 1_000
    const members = pool(1, 1)
    const [back] = members
    if (back) back.backSinceMs = 1_000
    const balancer = createBalancer(
      'round-robin',
      false,
      createSlowStart(settings, () => nowMs),
      Math.random,
    )
    const share = (): number => [...pick(balancer, members, 110)].filter((id) => id === '1').length
    expect(share()).toBe(10)
    nowMs = 6_000
    expect(share()).toBeGreaterThan(30)
    nowMs = 11_000
    expect(share()).toBeGreaterThanOrEqual(54)
    expect(back?.backSinceMs).toBe(0)
  })

  test('concerns nobody who has been there all the time', () => {
    const [member] = pool(3)
    expect(member && createSlowStart(settings, () => 5)(member)).toBe(3)
  })
})

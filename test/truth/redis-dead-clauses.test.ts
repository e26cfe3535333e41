import { expect, it } from 'vitest'
import { MODES, type ModeName } from '#contract/modes.ts'
import { type Asked, judgeRedisDead, type Question, type Seen } from './redis-dead-clauses.ts'

const ask = (asked: Asked, atMs: number, status: number, facts: Partial<Question> = {}): Question => ({
  asked,
  atMs,
  tookMs: 5,
  status,
  clearedCookie: false,
  ...facts,
})
/** Redis is dead from 0 to 3000 ms; a lookup long after shows that it is back. */
const broken = (mode: ModeName, questions: readonly Question[], facts: Partial<Seen> = {}) =>
  judgeRedisDead(MODES[mode], {
    questions: [...questions, ask('live', 5_000, 200)],
    healBeganMs: 3_000,
    healedMs: 3_100,
    ejected: [],
    ...facts,
  })
    .filter(({ ok }) => !ok)
    .map(({ name }) => name)

const closed = [
  ask('live', 10, 503),
  ask('login', 20, 503),
  ask('logged-out', 30, 503),
  ask('forged', 40, 401),
]

it('an outage that everybody was told of breaks nothing', () => {
  expect(broken('redis', closed)).toEqual([])
  expect(broken('redis', [...closed, ask('live', 4_000, 503)])).toEqual([])
})

it('each clause can be broken', () => {
  expect(broken('redis', [...closed, ask('live', 50, 503, { tookMs: 301 })])).toEqual([
    'answers within 300 ms',
  ])
  expect(broken('redis', [...closed, ask('live', 50, 502)])).toEqual(['as the table says'])
  expect(broken('redis', [...closed, ask('live', 50, 401)])).toEqual(['as the table says'])
  expect(broken('redis', [...closed, ask('logged-out', 3_050, 200)])).toEqual(['nobody in who should be out'])
  expect(broken('redis', [...closed, ask('live', 50, 503, { clearedCookie: true })])).toEqual([
    'nobody’s cookie cleared',
  ])
  expect(broken('redis', closed, { ejected: ['node-1 ejected'] })).toEqual(['no node ejected'])
  expect(broken('redis', [...closed, ask('login', 4_101, 503)])).toEqual(['right again within 1000 ms'])
  expect(broken('redis', closed, { healedMs: 4_500 })).toEqual(['right again within 1000 ms'])
})

it('who may vouch goes on until the bound, and who asks nobody goes on for reads alone', () => {
  expect(broken('jwt-pushed', [...closed, ask('live', 900, 200), ask('logged-out', 900, 401)])).toEqual([])
  expect(broken('jwt-pushed', [...closed, ask('live', 1_001, 200)])).toEqual(['as the table says'])
  const reads = [ask('live', 2_000, 200), ask('logged-out', 2_000, 200), ask('transfer', 2_000, 503)]
  expect(broken('jwt-hybrid', [...reads, ask('login', 2_000, 503)])).toEqual([])
  expect(broken('jwt-hybrid', [...reads, ask('transfer', 2_000, 200)])).toEqual(['as the table says'])
  expect(broken('jwt-hybrid', [...reads, ask('live', 2_000, 503)])).toEqual(['as the table says'])
})

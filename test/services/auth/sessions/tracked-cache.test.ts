import { describe, expect, test } from 'vitest'
import { TrackedCache } from '#services/auth/sessions/tracked-cache.ts'

describe('a tracked cache', () => {
  test('keeps an answer until its key is dropped', () => {
    const cache = new TrackedCache<string>(10)
    cache.keep(cache.begin('a'), 'one')
    cache.keep(cache.begin('b'), 'two')
    cache.drop('a')
    expect([cache.get('a'), cache.get('b')]).toEqual([undefined, 'two'])
    cache.dropAll()
    expect(cache.size).toBe(0)
  })

  test('never keeps an answer that a change has overtaken', () => {
    const cache = new TrackedCache<string>(10)
    const [one, all] = [cache.begin('a'), cache.begin('b')]
    cache.drop('a')
    cache.keep(one, 'old')
    cache.dropAll()
    cache.keep(all, 'old')
    expect([cache.get('a'), cache.get('b')]).toEqual([undefined, undefined])
  })

  test('takes the answer to the latest of two questions, in whichever order they come', () => {
    const cache = new TrackedCache<string>(10)
    const [first, second] = [cache.begin('a'), cache.begin('a')]
    cache.keep(second, 'new')
    cache.keep(first, 'old')
    expect(cache.get('a')).toBe('new')
  })

  test('is bounded: what came first makes room', () => {
    const cache = new TrackedCache<number>(2)
    for (const [value, key] of ['a', 'b', 'c'].entries()) cache.keep(cache.begin(key), value)
    expect([cache.get('a'), cache.get('b'), cache.get('c'), cache.size]).toEqual([undefined, 1, 2, 2])
  })
})

import { afterAll, beforeAll, expect, test } from 'vitest'
import type { StoreInstead } from '#contract/stores.ts'
import { GuardedRecords } from '#services/auth/records/guarded-records.ts'
import { openRecords } from '#services/auth/records/open-records.ts'
import type { Records } from '#services/auth/records/records.ts'

const PATIENT = { timeoutMs: 5_000, countCommands: () => undefined }
const LATER = Date.now() + 60_000

/**
 * What every backend of records must hold, seen from two nodes. Runs inside a `describe` whose `beforeAll` has found the
 * store; `find` answers it, or why there is none.
 */
export function testRecords(find: () => StoreInstead | string): void {
  const owned = new AsyncDisposableStack()
  let here: Records
  let there: Records
  beforeAll(async () => {
    const store = find()
    if (typeof store === 'string') return
    here = await openRecords(store, 5_000)
    there = await openRecords(store, 5_000)
    owned.defer(() => Promise.all([here.close(), there.close()]).then(() => undefined))
  })
  afterAll(() => owned.disposeAsync())

  test('are made once, and replaced only by who has seen the present state', async () => {
    expect(await here.read('user.a')).toBeUndefined()
    expect(await here.swap('user.a', undefined, 'first', 0)).toBe('swapped')
    expect(await there.swap('user.a', undefined, 'second', 0)).toBe('moved')
    const seen = await there.read('user.a')
    expect(seen?.text).toBe('first')
    expect(await here.swap('user.a', await here.read('user.a'), 'third', 0)).toBe('swapped')
    expect(await there.swap('user.a', seen, 'fourth', 0)).toBe('moved')
    expect((await there.read('user.a'))?.text).toBe('third')
  })

  test('keep names apart that differ in case, in kind or in their end', async () => {
    for (const name of ['user.Anna', 'user.anna', 'user.anna_', 'refresh.anna', 'online'])
      expect(await here.swap(name, undefined, name, 0)).toBe('swapped')
    for (const name of ['user.Anna', 'user.anna', 'user.anna_', 'refresh.anna', 'online'])
      expect((await there.read(name))?.text).toBe(name)
  })

  test('lose none of the changes that two nodes make at once', async () => {
    const nodes = [new GuardedRecords(here, PATIENT), new GuardedRecords(there, PATIENT)]
    const increments = Array.from({ length: 60 }, (_, index) =>
      (nodes[index % 2] as GuardedRecords).change('user.counter', (text) => {
        const next = Number(text ?? 0) + 1
        return { result: next, next: { text: String(next), liveUntilMs: 0 } }
      }),
    )
    const results = await Promise.all(increments)
    expect(results.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, index) => index + 1))
    expect((await there.read('user.counter'))?.text).toBe('60')
  })

  test('are counted by kind while somebody is logged in by them, where the store can tell', async (context) => {
    const { countLive } = here
    if (countLive === undefined) return context.skip('this store cannot list what it holds')
    const before = await here.countLive?.('user', Date.now())
    await here.swap('user.live', undefined, '', LATER)
    await here.swap('user.over', undefined, '', Date.now() - 1_000)
    await here.swap('refresh.live', undefined, '', LATER)
    expect(await there.countLive?.('user', Date.now())).toBe((before ?? 0) + 1)
  })

  test('answer that the store is there', async () => {
    await expect(here.ping()).resolves.toBeUndefined()
  })
}

import { describe, expect, test } from 'vitest'
import { ERRORS } from '#services/auth/errors.ts'
import { GuardedRecords } from '#services/auth/records/guarded-records.ts'
import type { Records } from '#services/auth/records/records.ts'
import { StoreFull } from '#services/auth/records/records.ts'

const UNAVAILABLE = ERRORS.storeUnavailable.message

function recordsThat(read: () => Promise<{ text: string; version: unknown } | undefined>): {
  records: GuardedRecords
  asked: () => number
} {
  let asked = 0
  const backend: Records = {
    read,
    swap: async () => 'swapped',
    ping: async () => void (await read()),
    close: async () => undefined,
  }
  const countCommands = () => {
    asked += 1
  }
  return { records: new GuardedRecords(backend, { timeoutMs: 50, countCommands }), asked: () => asked }
}
const silence = () => new Promise<never>(() => undefined)

describe('records of a store that is silent', () => {
  test('are not waited for longer than their time, also not by those who waited for their turn', async () => {
    const { records, asked } = recordsThat(silence)
    await expect(records.read('user.a')).rejects.toThrow(UNAVAILABLE)
    const changes = Array.from({ length: 4 }, () => records.change('user.a', () => ({ result: 0 })))
    for (const change of changes) await expect(change).rejects.toThrow(UNAVAILABLE)
    // The first change asked; whoever waited behind it knew by then.
    expect(asked()).toBe(2)
    expect(await records.ping()).toBe('down')
  })

  test('are soon not asked for any more', async () => {
    const { records, asked } = recordsThat(silence)
    await Promise.allSettled(Array.from({ length: 5 }, () => records.read('user.a')))
    await expect(records.read('user.b')).rejects.toThrow(UNAVAILABLE)
    expect(asked()).toBe(5)
  })
})

test('a store that is full says so, and is asked again', async () => {
  const { records, asked } = recordsThat(() => Promise.reject(new StoreFull('no room')))
  for (let time = 0; time < 8; time += 1)
    await expect(records.read('user.a')).rejects.toThrow(ERRORS.memoryFull.message)
  expect(asked()).toBe(8)
})

test('a change that is overtaken every time gives up', async () => {
  const backend: Records = {
    read: async () => ({ text: '', version: 1 }),
    swap: async () => 'moved',
    ping: async () => undefined,
    close: async () => undefined,
  }
  const records = new GuardedRecords(backend, { timeoutMs: 5, countCommands: () => undefined })
  const change = records.change('user.a', () => ({ result: 0, next: { text: '', liveUntilMs: 0 } }))
  await expect(change).rejects.toThrow(UNAVAILABLE)
})

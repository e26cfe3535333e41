import { expect, test } from 'vitest'
import { whenFresh } from '#services/auth/admin/when-fresh.ts'
import { AnswerError, ERRORS, type ErrorName } from '#services/auth/errors.ts'

/** Refuses so often, then answers. */
function refusing(times: number, name: ErrorName) {
  let asked = 0
  const ask = async () => {
    asked += 1
    if (asked <= times) throw new AnswerError(name)
    return asked
  }
  return { ask, asked: () => asked }
}

test('work that is not timed waits for a store that is catching up, and for nothing else', async () => {
  expect(await whenFresh(refusing(2, 'stale').ask)).toBe(3)
  const full = refusing(1, 'memoryFull')
  await expect(whenFresh(full.ask)).rejects.toThrow(ERRORS.memoryFull.message)
  expect(full.asked()).toBe(1)
})

test('and not for ever', async () => {
  await expect(whenFresh(refusing(100, 'stale').ask, 0)).rejects.toThrow(ERRORS.stale.message)
})

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { CredentialStrategy } from '#services/auth/credentials/credential-strategy.ts'
import type { RefreshTokens } from '#services/auth/refresh/refresh-tokens.ts'
import { type LoginKeepers, UserRevocations } from '#services/auth/user-revocations.ts'

/** A mode that notes whose logins it voided, for as long as it answers. */
function mode(name: string, told: string[]) {
  const keeper = { answer: () => Promise.resolve() }
  const revokeUser = async (userId: string) => {
    await keeper.answer()
    told.push(`${name} ${userId}`)
  }
  const strategy = { revokeUser } as CredentialStrategy
  return { keeper, keepers: { strategy, refresh: undefined } satisfies LoginKeepers }
}
const isAway = () => Promise.reject(new Error('away'))
const isBack = () => Promise.resolve()

let told: string[]
beforeEach(() => {
  told = []
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('the logins that a user has in modes that do not answer now', () => {
  test('are voided where that can be, apart from the user’s own mode, what fetches new credentials first', async () => {
    const own = mode('own', told)
    const refresh = { revokeUser: async (id: string) => void told.push(`tokens ${id}`) } as RefreshTokens
    const pair = { ...mode('pair', told).keepers, refresh }
    const failing = Promise.reject(new Error('never built'))
    const all = new UserRevocations(() => [Promise.resolve(own.keepers), Promise.resolve(pair), failing])
    expect(await all.elsewhere('ada', own.keepers)).toBe('done')
    expect(told).toEqual(['tokens ada', 'pair ada'])
  })

  test('are owed while their store is away or silent, which nobody waits for, and voided once it is back', async () => {
    const [own, away, silent] = [mode('own', told), mode('away', told), mode('silent', told)]
    const held = [own, away, silent].map(({ keepers }) => Promise.resolve(keepers))
    const all = new UserRevocations(() => held)
    away.keeper.answer = isAway
    silent.keeper.answer = () => new Promise<never>(() => undefined)
    const ended = all.elsewhere('ada', own.keepers)
    await vi.advanceTimersByTimeAsync(500)
    expect(await ended).toBe('owed')
    await expect(all.settle(away.keepers)).rejects.toThrow('away')
    away.keeper.answer = isBack
    silent.keeper.answer = isBack
    for (const { keepers } of [away, silent, away, silent, own]) await all.settle(keepers)
    expect(told).toEqual(['away ada', 'silent ada'])
  })

  test('are owed for a thousand users, and then for the latest', async () => {
    const [own, away] = [mode('own', told), mode('away', told)]
    const all = new UserRevocations(() => [Promise.resolve(away.keepers)])
    away.keeper.answer = isAway
    for (let user = 0; user < 1_001; user += 1) await all.elsewhere(`user-${user}`, own.keepers)
    away.keeper.answer = isBack
    await all.settle(away.keepers)
    expect([told.length, told[0], told.at(-1)]).toEqual([1_000, 'away user-1', 'away user-1000'])
  })
})

test('a ban is told to every mode and says where one could not be told', async () => {
  const [one, two] = [mode('one', told), mode('two', told)]
  const all = new UserRevocations(() => [one, two].map(({ keepers }) => Promise.resolve(keepers)))
  one.keeper.answer = isAway
  await expect(all.everywhere('ada')).rejects.toThrow('away')
  expect(told).toEqual(['two ada'])
})

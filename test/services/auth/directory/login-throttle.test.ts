import { describe, expect, test } from 'vitest'
import { systemClock } from '#services/auth/clock.ts'
import { LoginThrottle } from '#services/auth/directory/login-throttle.ts'

function build() {
  const clock = systemClock()
  const throttle = new LoginThrottle(clock)
  const attempt = (account: string, address: string, outcome: 'right' | 'wrong' | 'broken') => {
    const waitS = throttle.start(account, address)
    if (waitS === 0) throttle.finish(account, address, outcome)
    return waitS
  }
  return { clock, throttle, attempt }
}

describe('guessing one account from one address', () => {
  test('has to wait after ten wrong passwords, and may go on after a minute', () => {
    const { clock, attempt } = build()
    for (let index = 0; index < 10; index += 1) expect(attempt('user-1', 'a', 'wrong')).toBe(0)
    expect(attempt('user-1', 'a', 'right')).toBeGreaterThan(50)
    clock.setOffset(60_000)
    expect(attempt('user-1', 'a', 'right')).toBe(0)
  })

  test('cannot run in parallel beyond the limit', () => {
    const { throttle } = build()
    const waits = Array.from({ length: 50 }, () => throttle.start('user-1', 'a'))
    expect(waits.filter((wait) => wait === 0)).toHaveLength(10)
  })

  test('starts anew after the right password; a failure of our own does not count', () => {
    const { attempt } = build()
    for (let round = 0; round < 5; round += 1) {
      for (let index = 0; index < 9; index += 1) expect(attempt('user-1', 'a', 'wrong')).toBe(0)
      expect(attempt('user-1', 'a', 'right')).toBe(0)
    }
    for (let index = 0; index < 50; index += 1) expect(attempt('user-2', 'a', 'broken')).toBe(0)
  })

  test('does not lock the owner out, who comes from elsewhere', () => {
    const { attempt } = build()
    for (let index = 0; index < 200; index += 1) attempt('user-1', 'attacker', 'wrong')
    expect(attempt('user-1', 'owner', 'right')).toBe(0)
  })
})

test('spraying many accounts from one address has to wait after a hundred failures', () => {
  const { attempt } = build()
  for (let index = 0; index < 100; index += 1) expect(attempt(`user-${index}`, 'a', 'wrong')).toBe(0)
  expect(attempt('user-500', 'a', 'wrong')).toBeGreaterThan(0)
  expect(attempt('user-500', 'b', 'wrong')).toBe(0)
})

test('guessing one account from many addresses stops strangers, not the places the owner logs in from', () => {
  const { attempt } = build()
  expect(attempt('user-1', 'home', 'right')).toBe(0)
  for (let index = 0; index < 100; index += 1) attempt('user-1', `bot-${index}`, 'wrong')
  expect(attempt('user-1', 'bot-new', 'wrong')).toBeGreaterThan(0)
  expect(attempt('user-1', 'home', 'right')).toBe(0)
  expect(attempt('user-2', 'bot-new', 'right')).toBe(0)
})

describe('tries that are refused', () => {
  /** One address that has failed everywhere, and then asks for as many names as a table holds. */
  function flood(attempt: ReturnType<typeof build>['attempt']): void {
    for (let index = 0; index < 100; index += 1) attempt(`nobody-${index}`, 'flooder', 'wrong')
    for (let index = 0; index < 10_000; index += 1)
      expect(attempt(`random-${index}`, 'flooder', 'wrong')).toBeGreaterThan(0)
  }

  test('push nobody else’s window out: whoever guessed too often still has to wait', () => {
    const { attempt } = build()
    for (let index = 0; index < 10; index += 1) attempt('user-1', 'guesser', 'wrong')
    for (let index = 0; index < 100; index += 1) attempt('user-2', `bot-${index}`, 'wrong')
    flood(attempt)
    expect(attempt('user-1', 'guesser', 'wrong')).toBeGreaterThan(0)
    expect(attempt('user-2', 'bot-new', 'wrong')).toBeGreaterThan(0)
    expect(attempt('user-1', 'flooder', 'wrong')).toBeGreaterThan(0)
  })

  test('leave nothing behind, whichever limit refused them', () => {
    const { attempt } = build()
    for (let index = 0; index < 10; index += 1) attempt('user-1', 'guesser', 'wrong')
    for (let index = 0; index < 100; index += 1) attempt('user-2', `bot-${index}`, 'wrong')
    // Each from an address of its own: the account's limit refuses them, and no address has failed.
    for (let index = 0; index < 10_000; index += 1)
      expect(attempt('user-2', `stranger-${index}`, 'wrong')).toBeGreaterThan(0)
    expect(attempt('user-1', 'guesser', 'wrong')).toBeGreaterThan(0)
  })
})

test('the tables stay bounded under a flood of names', () => {
  const { attempt } = build()
  for (let index = 0; index < 30_000; index += 1) attempt(`name-${index}`, `address-${index}`, 'wrong')
  expect(attempt('user-1', 'a', 'right')).toBe(0)
})

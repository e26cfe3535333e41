import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { ssoSentence } from '#bench/experiment/sso/sso-sentence.ts'
import { renderSsoDemo, renderSsoHead } from '#bench/report/terminal/sso-grid.ts'
import type { SsoAnswer, SsoDemo, SsoStep } from '#contract/sso.ts'

const step = (name: SsoStep['name'], auth: SsoAnswer, shop: SsoAnswer): SsoStep => ({ name, auth, shop })
const tokenDemo: Omit<SsoDemo, 'sentence'> = {
  mode: 'jwt-pushed',
  summary: '',
  algorithm: 'ES256',
  check: 'offline',
  steps: [
    step('login', 'in', 'in'),
    step('auth-dead', 'cannot-tell', 'in'),
    step('new-key', 'in', 'in'),
    step('logout', 'out', 'in'),
  ],
  rotation: { pickedUpMs: 12.4, fetches: 1, forged: { sent: 20, accepted: 0, fetches: 0 } },
}
const cookieDemo: Omit<SsoDemo, 'sentence'> = {
  mode: 'redis',
  summary: '',
  check: 'asked',
  code: { first: 204, again: 403 },
  steps: [
    step('login', 'in', 'in'),
    step('auth-dead', 'cannot-tell', 'cannot-tell'),
    step('logout', 'out', 'out'),
  ],
}

describe('the sentence about two services', () => {
  it('says where a revocation does not reach', () => {
    const sentence = ssoSentence(tokenDemo)
    expect(sentence).toContain('with every auth node dead it goes on letting the user in')
    expect(sentence).toContain('after the logout auth refuses and the shop still lets the user in')
    expect(sentence).toContain('accepted after 12 ms and 1 fetch of keys; none of 20 tokens')
    expect(sentence).toContain('cost no fetches of keys (at most one in 2 s)')
  })

  it('says what asking costs when nobody answers, and what it brings', () => {
    expect(ssoSentence(cookieDemo)).toBe(
      'The login comes over by a code that is good once, and the shop asks auth on every request; with every auth node dead it lets nobody in and says that it cannot tell (503); after the logout both refuse.',
    )
  })

  it('does not hide a code that was good twice, nor a key that was not found', () => {
    expect(ssoSentence({ ...cookieDemo, code: { first: 204, again: 204 } })).not.toContain('good once')
    const steps = tokenDemo.steps.map((one) =>
      one.name === 'new-key' ? { ...one, shop: 'out' as const } : one,
    )
    expect(ssoSentence({ ...tokenDemo, steps })).toContain('A login under a new key was not accepted')
  })
})

describe('the grid of two services', () => {
  const demos: SsoDemo[] = [tokenDemo, cookieDemo].map((demo) => ({ ...demo, sentence: ssoSentence(demo) }))
  const page = (colour: boolean) =>
    [
      renderSsoHead({ colour, width: 100 }),
      ...demos.map((demo) => renderSsoDemo(demo, { colour, width: 100 })),
    ].join('\n')

  it('fits a hundred columns, and colour changes nothing but colour', () => {
    expect(
      Math.max(
        ...page(false)
          .split('\n')
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(100)
    expect(stripVTControlCharacters(page(true))).toBe(page(false))
  })

  it('shows both services at each step', () => {
    expect(page(false)).toMatch(/jwt-pushed +● +● +✕ +● +● +● +○ +●\n/)
    expect(page(false)).toMatch(/redis +● +● +✕ +✕ +– +○ +○\n/)
  })
})

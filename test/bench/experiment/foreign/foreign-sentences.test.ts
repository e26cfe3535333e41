import { expect, it } from 'vitest'
import { foreignDemoSentence, foreignLagSentence } from '#bench/experiment/foreign/foreign-sentences.ts'
import type { DemoStep, StillIn } from '#contract/demo.ts'

function step(name: DemoStep['name'], answers: string, accepted: number): DemoStep {
  const meanings: Record<string, StillIn> = { i: 'in', o: 'out', d: 'dead', u: 'unclear' }
  const nodes = [...answers].map((letter, place) => ({
    id: 'abc'[place] ?? '',
    answer: meanings[letter] ?? 'unclear',
  }))
  return { name, nodes, viaProxy: { asked: 6, accepted } }
}

const seen = {
  service: 'shop',
  victim: 'a',
  victimChosenBy: 'answer',
  logoutStatus: 204,
  leftOut: [],
} as const

it.each([
  [
    'memory',
    [step('login', 'ioo', 2), step('crash', 'doo', 0), step('logout', 'ooo', 0)],
    'Only a knows the login, and 2 of 6 requests through the entrance were in; killing a logs the user out; nothing was left to log out (the logout is answered 204).',
  ],
  [
    'a token',
    [step('login', 'iii', 6), step('crash', 'dii', 6), step('logout', 'iii', 6)],
    'Every node accepts the login; killing a logs nobody out; the logout is answered 204, and every node still accepts the old credential.',
  ],
  [
    'a shared store',
    [step('login', 'iii', 6), step('crash', 'dii', 5), step('logout', 'ouo', 0)],
    'Every node accepts the login; with a killed 5 of 6 requests through the entrance were in; the logout is answered 204, and whether it holds cannot be said. Answers that said neither in nor out, or named somebody else: 1.',
  ],
  [
    'an entrance alone',
    [step('login', '', 6), step('logout', '', 0)],
    'After the login 6 of 6 requests through the entrance were in; the logout is answered 204, and then 0 of 6 requests through the entrance were in.',
  ],
])('%s is told as it was seen', (_what, steps, sentence) => {
  expect(foreignDemoSentence({ ...seen, steps })).toBe(sentence)
})

it('a logout is told of the login that was made for it, where the kill had ended the first', () => {
  const steps = [step('login', 'ioo', 2), step('crash', 'doo', 0), step('logout', 'ooo', 0)]
  expect(foreignDemoSentence({ ...seen, loggedInAgain: true, steps })).toContain(
    'killing a logs the user out; after the logout of a new login no node accepts the old credential.',
  )
})

it('a victim that nobody named is said to be one', () => {
  const steps = [step('login', 'iii', 6), step('crash', 'dii', 6)]
  expect(foreignDemoSentence({ ...seen, victimChosenBy: 'first', steps })).toContain(
    'killing a (no answer names its node) logs nobody out',
  )
})

const lag = {
  service: 'shop',
  asked: 4,
  acknowledged: 4,
  watchedMs: 5_000,
  unfinished: 0,
  gapP99Ms: 6,
  leftOut: [],
}
it.each([
  [{ ...lag, nodes: [{ id: 'a', lagsMs: [0, 0], open: 0 }] }, /no question sent after .* was accepted\.$/],
  [{ ...lag, nodes: [{ id: 'a', lagsMs: [0, 31], open: 0 }] }, /accepted for up to 31 ms more\.$/],
  [
    { ...lag, unfinished: 2, nodes: [{ id: 'a', lagsMs: [5_000], open: 2 }] },
    /^After 2 of 4 logouts .* 5\.0 s/,
  ],
  [{ ...lag, nodes: [] }, /No place had accepted any/],
  [{ ...lag, acknowledged: 0, nodes: [] }, /None of 4 logouts was acknowledged/],
  [{ ...lag, acknowledged: 3, nodes: [{ id: 'a', lagsMs: [0], open: 0 }] }, /1 of 4 logouts were not acknow/],
])('lags are told with what is missing', (seenLag, message) => {
  expect(foreignLagSentence(seenLag)).toMatch(message)
})

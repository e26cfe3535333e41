import { describe, expect, it } from 'vitest'
import { closestWord } from '#bench/cli/closest-word.ts'
import { FAULT_NAMES, MODE_NAMES } from '#contract/modes.ts'

describe('the word that was meant', () => {
  it.each([
    ['reddis', MODE_NAMES, 'redis'],
    ['jtw', MODE_NAMES, 'jwt'],
    ['stciky', MODE_NAMES, 'sticky'],
    ['kil-node', FAULT_NAMES, 'kill-node'],
    ['redis', MODE_NAMES, 'redis'],
  ])('%s', (given, words, meant) => {
    expect(closestWord(given, words)).toBe(meant)
  })

  it('is not guessed where nothing is near', () => {
    for (const given of ['nope', '', 'x']) expect(closestWord(given, MODE_NAMES)).toBeUndefined()
    expect(closestWord('redis', [])).toBeUndefined()
  })
})

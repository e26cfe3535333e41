import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  duration,
  listOf,
  mix,
  modeList,
  numberBetween,
  oneOf,
  repeated,
  setting,
  steps,
  stormSize,
  wholeNumber,
} from '#bench/cli/parse-options.ts'
import { MODE_NAMES } from '#contract/modes.ts'

describe('a flag', () => {
  it('takes whole numbers in its range and nothing else', () => {
    const parse = wholeNumber(1, 100)
    fc.assert(fc.property(fc.integer({ min: 1, max: 100 }), (value) => parse(String(value)) === value))
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!/^\d{1,3}$/.test(text))
        expect(() => parse(text)).toThrow('It must be a whole number from 1 to 100.')
      }),
    )
    for (const text of ['0', '101', '999999999999999999']) expect(() => parse(text)).toThrow('from 1 to 100')
  })

  it('takes one of its names', () => {
    const parse = oneOf(['proxy', 'nodes'])
    expect(parse('nodes')).toBe('nodes')
    expect(() => parse('Nodes')).toThrow('It must be one of proxy, nodes.')
  })

  it('takes the steps of a migration: at least two modes, each another than the one before', () => {
    expect(steps('sticky, redis,sticky')).toEqual(['sticky', 'redis', 'sticky'])
    expect(() => steps('sticky')).toThrow('It names at least two modes')
    expect(() => steps('sticky,redis,redis')).toThrow('redis to redis is no step.')
    expect(() => steps('sticky,nope')).toThrow('one of local, sticky, redis')
  })

  it('takes a list of modes in the order given, or all', () => {
    expect(modeList('redis,local')).toEqual(['redis', 'local'])
    expect(modeList('redis, jwt')).toEqual(['redis', 'jwt'])
    expect(modeList('all')).toEqual(MODE_NAMES)
    expect(() => modeList('redis,nope')).toThrow('one of local, sticky, redis, cookie, jwt')
    expect(() => modeList('redis,redis')).toThrow('names redis twice')
    expect(() => modeList('')).toThrow('one of')
  })

  it('takes a mix of requests, each named once and lookups among them', () => {
    const all = { lookup: 94, write: 4, refresh: 1, login: 1 }
    expect(mix('lookup=94,write=4,refresh=1,login=1')).toEqual(all)
    for (const text of ['lookup', 'lookup=x', 'lookup=1,steal=1', 'lookup=1=2'])
      expect(() => mix(text)).toThrow('It must be like lookup=94,write=4,refresh=1,login=1')
    expect(() => mix('lookup=1,lookup=2')).toThrow('names one thing twice')
    expect(() => mix('write=1')).toThrow('It needs lookups.')
  })

  it('that may be repeated keeps the order', () => {
    const parse = repeated(listOf(wholeNumber(1, 9)))
    expect(parse('3', parse('1,2', undefined))).toEqual([[1, 2], [3]])
  })

  it('of a setting has the setting’s own bounds', () => {
    expect(setting('nodes')('16')).toBe(16)
    expect(() => setting('nodes')('17')).toThrow('from 1 to 16')
  })
})

describe('a number with a fraction', () => {
  const parse = numberBetween(0, 60)

  it('is taken within its bounds', () => {
    expect([parse('0'), parse('0.5'), parse('60')]).toEqual([0, 0.5, 60])
  })

  it.each(['', ' ', 'five', '-1', '60.1', 'NaN', 'Infinity'])(
    'is refused as %j, and says what it must be',
    (text) => {
      expect(() => parse(text)).toThrow('from 0 to 60')
    },
  )
})

describe('a time', () => {
  it('is taken in s or ms', () => {
    expect([duration('800ms'), duration('2.5s')]).toEqual([800, 2_500])
  })

  it.each(['5', '50ms', '601s', 's', '-1s', '1m'])('is refused as %j', (text) => {
    expect(() => duration(text)).toThrow('800ms or 2.5s')
  })

  it('takes the size of a storm as users on cores', () => {
    expect(listOf(stormSize)('50000/16,300/2')).toEqual([
      { users: 50_000, cores: 16 },
      { users: 300, cores: 2 },
    ])
    for (const text of ['50000', '50000/0', '0/4', '5e4/16', '-1/2'])
      expect(() => stormSize(text)).toThrow('users/cores')
  })
})

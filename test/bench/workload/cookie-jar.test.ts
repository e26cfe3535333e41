import { expect, test } from 'vitest'
import { createCookieJar, parseCookieHeader } from '#bench/workload/cookie-jar.ts'

test('cookies come back as one header, in the order they first came', () => {
  const jar = createCookieJar()
  expect(jar.header()).toBeUndefined()
  expect(jar.absorb(['a=1; Path=/; HttpOnly; SameSite=Lax', 'b=x%3Dy=z; Secure'])).toBe(true)
  expect(jar.header()).toBe('a=1; b=x%3Dy=z')
  expect(jar.absorb(['a=2'])).toBe(true)
  expect(jar.header()).toBe('a=2; b=x%3Dy=z')
  expect(jar.absorb(['a=2'])).toBe(false)
})

test.each([
  ['Max-Age of 0', 'a=1; Max-Age=0'],
  ['a negative Max-Age', 'a=1; max-age=-1'],
  ['an empty value', 'a=; Path=/'],
  ['an Expires in the past', 'a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT'],
])('%s removes a cookie', (_, line) => {
  const jar = createCookieJar()
  jar.absorb(['a=1'])
  expect(jar.absorb([line])).toBe(true)
  expect(jar.header()).toBeUndefined()
  expect(jar.absorb([line])).toBe(false)
})

test('Max-Age ends a cookie in time, and goes before Expires', () => {
  let nowMs = 1_000_000
  const jar = createCookieJar(undefined, () => nowMs)
  jar.absorb(['a=1; Max-Age=10; Expires=Thu, 01 Jan 1970 00:00:00 GMT'])
  nowMs += 9_999
  expect(jar.get('a')).toBe('1')
  nowMs += 1
  expect(jar.get('a')).toBeUndefined()
  expect(jar.header()).toBeUndefined()
})

test('names that are not kept are ignored; the __Host- prefix is understood', () => {
  const jar = createCookieJar(['stillin_session'])
  expect(jar.absorb(['tracker=1', '__Host-stillin_session=s; Path=/; Secure', 'broken'])).toBe(true)
  expect(jar.header()).toBe('__Host-stillin_session=s')
})

test('a cookie header is parsed into its pairs', () => {
  expect(parseCookieHeader('a=1; b=x=y;c')).toEqual([
    ['a', '1'],
    ['b', 'x=y'],
  ])
  expect(parseCookieHeader('')).toEqual([])
})

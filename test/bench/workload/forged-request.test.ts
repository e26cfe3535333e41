import { describe, expect, it } from 'vitest'
import {
  asBrowserSends,
  attachesCookie,
  type ForgedRequest,
  isGranted,
  needsPreflight,
  preflightOf,
} from '#bench/workload/forged-request.ts'

const shape = (
  from: ForgedRequest['from'],
  how: ForgedRequest['how'],
  method: ForgedRequest['method'],
): ForgedRequest => ({ from, how, method, path: '/transfer' })
const ORIGIN = 'https://evil.example'

describe('a cookie goes along', () => {
  it.each([
    ['Lax', shape('cross-site', 'navigation', 'GET'), true],
    ['Lax', shape('cross-site', 'navigation', 'POST'), false],
    ['Lax', shape('cross-site', 'image', 'GET'), false],
    ['Lax', shape('cross-site', 'fetch', 'POST'), false],
    ['Lax', shape('same-site', 'fetch', 'POST'), true],
    ['Strict', shape('cross-site', 'navigation', 'GET'), false],
    ['Strict', shape('same-site', 'navigation', 'POST'), true],
    ['None', shape('cross-site', 'navigation', 'POST'), true],
    ['None', shape('cross-site', 'image', 'GET'), true],
  ] as const)('SameSite=%s with %o: %s', (sameSite, forged, attached) => {
    expect(attachesCookie(sameSite, forged)).toBe(attached)
  })
})

describe('a browser asks first', () => {
  const post = shape('cross-site', 'fetch', 'POST')
  it('for a header or a type of body that no form could send, and for nothing else', () => {
    expect(needsPreflight(post)).toBe(false)
    expect(needsPreflight({ ...post, contentType: 'text/plain' })).toBe(false)
    expect(needsPreflight({ ...post, contentType: 'application/json' })).toBe(true)
    expect(needsPreflight({ ...post, headers: { 'x-csrf': '1' } })).toBe(true)
  })

  const forged = { ...post, headers: { 'x-csrf': '1' } }
  it('names the header it wants to send', () => {
    expect(preflightOf(forged, ORIGIN)).toMatchObject({
      method: 'OPTIONS',
      headers: { origin: ORIGIN, 'access-control-request-headers': 'x-csrf' },
    })
  })

  it('and takes nothing but leave for this origin, with credentials and this header for a yes', () => {
    const leave = {
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-credentials': 'true',
      'access-control-allow-headers': 'Content-Type, X-CSRF',
    }
    expect(isGranted(forged, ORIGIN, 204, leave)).toBe(true)
    expect(isGranted(forged, ORIGIN, 404, leave)).toBe(false)
    expect(isGranted(forged, ORIGIN, 204, {})).toBe(false)
    expect(isGranted(forged, ORIGIN, 204, { ...leave, 'access-control-allow-origin': '*' })).toBe(false)
    expect(isGranted(forged, ORIGIN, 204, { ...leave, 'access-control-allow-headers': '*' })).toBe(false)
    expect(isGranted(forged, ORIGIN, 204, { ...leave, 'access-control-allow-credentials': '' })).toBe(false)
  })
})

it('a form is sent as a browser sends it: its type, where it comes from, and the cookie that was attached', () => {
  const form = {
    ...shape('cross-site', 'navigation', 'POST'),
    contentType: 'application/x-www-form-urlencoded',
    body: 'amount=1',
  }
  expect(asBrowserSends(form, ORIGIN, 'a=b')).toMatchObject({
    method: 'POST',
    body: 'amount=1',
    headers: { origin: ORIGIN, cookie: 'a=b', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
  })
  const link = asBrowserSends(shape('cross-site', 'navigation', 'GET'), ORIGIN, undefined)
  expect(Object.keys(link.headers)).not.toContain('origin')
  expect(Object.keys(link.headers)).not.toContain('cookie')
})

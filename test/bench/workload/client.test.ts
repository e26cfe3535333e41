import { expect, test } from 'vitest'
import { createClient } from '#bench/workload/client.ts'
import { MODES } from '#contract/modes.ts'
import { stillinTarget } from '#contract/target.ts'

function clientOf(mode: 'redis' | 'jwt') {
  return createClient(stillinTarget(MODES[mode], 'http://127.0.0.1:1', []), 'user-7', 'pa"ss')
}

test('a login names the user and the password, escaped', () => {
  const login = clientOf('redis').request('login')
  expect(JSON.parse(login?.body ?? '')).toEqual({ username: 'user-7', password: 'pa"ss' })
})

test('a cookie mode presents the cookies it was given, and the CSRF header on a change', () => {
  const client = clientOf('redis')
  expect(client.credential()).toEqual({ userId: 'user-7', headers: {} })
  expect(client.absorb(['stillin_session=abc; Path=/', 'stillin_affinity=n1; Path=/', 'other=1'])).toBe(true)
  expect(client.request('lookup')?.headers).toEqual({ cookie: 'stillin_session=abc; stillin_affinity=n1' })
  expect(client.request('logout')?.headers).toMatchObject({ 'x-csrf': '1', cookie: expect.any(String) })
  client.absorb(['stillin_session=; Max-Age=0'])
  expect(client.credential().headers).toEqual({ cookie: 'stillin_affinity=n1' })
})

test('a token mode presents the bearer token of its last login', () => {
  const client = clientOf('jwt')
  expect(client.absorb([], { mode: 'jwt', accessToken: 't1' })).toBe(true)
  expect(client.absorb([], { mode: 'jwt', accessToken: 't1' })).toBe(false)
  expect(client.credential().headers).toEqual({ authorization: 'Bearer t1' })
  expect(client.absorb([], 'not an object')).toBe(false)
  client.forget()
  expect(client.credential().headers).toEqual({})
})

test('a token that comes in a header of any answer is presented from then on', () => {
  const client = clientOf('jwt')
  client.absorb([], { accessToken: 't1' })
  expect(client.absorb([], { id: 'user-7' }, { 'x-access-token': 't2' })).toBe(true)
  expect(client.credential().headers).toEqual({ authorization: 'Bearer t2' })
  const cookies = clientOf('redis')
  expect(cookies.absorb([], { id: 'user-7' }, { 'x-access-token': 't2' })).toBe(false)
})

test('a credential made elsewhere is taken over, and later cookies are added to it', () => {
  const client = clientOf('redis')
  client.adopt({ headers: { cookie: 'stillin_session=seeded' } })
  client.absorb(['stillin_affinity=n2; Path=/'])
  expect(client.credential().headers).toEqual({ cookie: 'stillin_session=seeded; stillin_affinity=n2' })
  const bearer = clientOf('jwt')
  bearer.adopt({ headers: { authorization: 'Bearer seeded' } })
  expect(bearer.credential().headers).toEqual({ authorization: 'Bearer seeded' })
})

test('where the renewal is by pair a client refreshes with the newest refresh token, in a cookie or in the body', () => {
  const pairOf = (mode: 'redis' | 'jwt') =>
    createClient(stillinTarget(MODES[mode], 'http://127.0.0.1:1', [], 'pair'), 'user-7', 'pa"ss')
  const bearer = pairOf('jwt')
  bearer.absorb([], { accessToken: 't1', refreshToken: 'r1' })
  expect(bearer.absorb([], { accessToken: 't1', refreshToken: 'r2' })).toBe(true)
  expect(bearer.request('refresh')).toMatchObject({ path: '/refresh', body: '{"refreshToken":"r2"}' })
  expect(bearer.request('logout')?.body).toBe('{"refreshToken":"r2"}')
  const copy = pairOf('jwt')
  copy.adopt(bearer.credential())
  expect(copy.request('refresh')?.body).toBe('{"refreshToken":"r2"}')
  const cookies = pairOf('redis')
  cookies.absorb(['stillin_session=s; Path=/', 'stillin_refresh=r1; Path=/'])
  expect(cookies.request('refresh')).toMatchObject({
    headers: { cookie: 'stillin_session=s; stillin_refresh=r1', 'x-csrf': '1' },
  })
  expect(cookies.request('refresh')?.body).toBeUndefined()
})

test('a write carries its data; what the target does not offer is no request', () => {
  const client = clientOf('redis')
  expect(client.request('write', { data: '{"n":1}' })?.body).toBe('{"n":1}')
  expect(client.request('refresh')).toBeUndefined()
})

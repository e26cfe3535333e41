import { describe, expect, it } from 'vitest'
import { handedOut } from '#bench/experiment/drill/handed-out.ts'
import { SecretNames } from '#bench/experiment/drill/held.ts'
import { createRecorder } from '#bench/experiment/drill/recorder.ts'
import { MODES } from '#contract/modes.ts'

const claims = Buffer.from('{"epoch":12}').toString('base64url')

describe('what an answer hands out', () => {
  it('is cookies with their lifetime, or tokens with the epoch that they show', () => {
    const cookie = {
      setCookies: ['stillin_session=s; Max-Age=300; Path=/', 'stillin_refresh=r; Max-Age=9'],
      body: {},
    }
    expect(handedOut(cookie)).toEqual({
      cookies: { stillin_session: 's', stillin_refresh: 'r' },
      refresh: 'r',
      livesS: 300,
    })
    const body = { accessToken: `h.${claims}.s`, refreshToken: 'r', expiresInS: 60 }
    const tokens = { cookies: {}, bearer: `h.${claims}.s`, refresh: 'r', livesS: 60, epoch: 12 }
    expect(handedOut({ setCookies: [], body })).toEqual(tokens)
  })

  it('is nothing where a cookie is taken away, and an encrypted token shows no epoch', () => {
    expect(handedOut({ setCookies: ['stillin_session=; Max-Age=0'], body: null })).toEqual({ cookies: {} })
    const encrypted = handedOut({ setCookies: [], body: { accessToken: 'a.b.c.d.e' } })
    expect(encrypted).toEqual({ cookies: {}, bearer: 'a.b.c.d.e' })
  })
})

describe('names', () => {
  it('are the same for the same refresh token, and count the places of a family', () => {
    const names = new SecretNames()
    const login = names.newLogin('u')
    expect(names.refresh('text-1', login, undefined)).toBe('u:1~f.1')
    expect(names.refresh('text-2', 'u:2', 'u:1~f.1')).toBe('u:1~f.2')
    expect(names.refresh('text-2', 'u:3', 'u:1~f.1')).toBe('u:1~f.2')
    expect(names.refresh('text-3', 'u:3', 'u:1~f.1')).toBe('u:1~f.3')
    expect([names.newLogin('u'), names.newLogin('v'), names.newCredential(login)]).toEqual([
      'u:2',
      'v:1',
      'u:1/1',
    ])
  })
})

describe('the certainty of an operation', () => {
  const who = { user: 'u', client: 'u/1' }
  const recorder = createRecorder(MODES.redis)
  const answer = (status: number, headers = {}) =>
    ({ kind: 'answer', status, headers, setCookies: [], body: null, invokedUs: 1, doneUs: 2 }) as const
  const failure = (kind: 'timeout' | 'connect_refused') =>
    ({ kind, reason: kind, invokedUs: 1, doneUs: 2 }) as const

  it.each([
    ['an acknowledged logout is ok', 'logout', answer(204), 'ok'],
    ['a refused one did not happen', 'logout', answer(401), 'fail'],
    ['one that the store did not confirm may have', 'logout', answer(503), 'unsure'],
    ['one without an answer may have', 'logout', failure('timeout'), 'unsure'],
    ['one that met no server did not', 'logout', failure('connect_refused'), 'fail'],
    ['a refresh refused for its account has used its token', 'refresh', answer(403), 'unsure'],
    ['a lookup leaves nothing behind', 'lookup', answer(503), 'fail'],
  ] as const)('%s', (_what, op, result, certainty) => {
    expect(recorder.add({ ...who, op }, result, 'accept').certainty).toBe(certainty)
  })
})

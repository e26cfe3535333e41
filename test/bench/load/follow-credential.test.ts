import { expect, test } from 'vitest'
import { followCredential } from '#bench/load/follow-credential.ts'
import { MODES } from '#contract/modes.ts'
import { stillinTarget } from '#contract/target.ts'

const target = stillinTarget(MODES.jwt, 'http://127.0.0.1:1', [], 'pair')
const user = {
  userId: 'user-1',
  headers: { authorization: 'Bearer a1' },
  refreshToken: 'r1',
  expectation: 'accept',
} as const

test('each refresh presents the tokens that the one before handed out', () => {
  const followed = followCredential({ target, operation: 'refresh' }, user)
  expect(followed.first()).toMatchObject({
    path: '/refresh',
    headers: { authorization: 'Bearer a1' },
    body: '{"refreshToken":"r1"}',
  })
  const next = followed.next([], Buffer.from('{"id":"user-1","accessToken":"a2","refreshToken":"r2"}'))
  expect(next).toMatchObject({ headers: { authorization: 'Bearer a2' }, body: '{"refreshToken":"r2"}' })
})

test('an answer that hands out nothing changes nothing', () => {
  const followed = followCredential({ target, operation: 'refresh' }, user)
  expect(followed.next([], Buffer.from('{"id":"user-1"}'))).toBeUndefined()
  expect(followed.next([], Buffer.from('no JSON'))).toBeUndefined()
})

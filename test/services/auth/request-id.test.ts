import { expect, test } from 'vitest'
import { requestIdOf } from '#services/auth/request-id.ts'

test('a node’s log calls a request as the proxy called it, and repeats nothing else that a client sent', () => {
  const id = '0f8e2c1a-77aa-4b1e-9d55-1c2f3a4b5c6d'
  expect(requestIdOf({ headers: { 'x-request-id': id } })).toBe(id)
  expect(requestIdOf({ headers: {} })).toBe('none')
  for (const forged of ['a b', 'x'.repeat(65), '{"level":60}', ''])
    expect(requestIdOf({ headers: { 'x-request-id': forged } })).toBe('none')
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createAnswerReader, readHeaders } from '#bench/load/read-answer.ts'
import type { Expectation } from '#contract/operations.ts'

const NO_HEADERS = readHeaders([])

function outcomeOf(body: string, expectation: Expectation = 'accept', status = 200): string {
  const client = { userId: 'user-7', headers: {}, expectation }
  return createAnswerReader(client, 'id').read(status, NO_HEADERS, Buffer.from(body)).outcome
}

test.each([
  ['{"id":"user-7","role":"user"}', 'ok'],
  ['{"id":"user-7"}', 'ok'],
  ['{"role":"user", "id": "user-7"}', 'ok'],
  ['{"id":"user-77"}', 'wrong_user'],
  ['{"id":"user-7', 'wrong_user'],
  ['{"user":{"id":"user-7"}}', 'wrong_user'],
  ['{"id":7}', 'wrong_user'],
  ['"user-7"', 'wrong_user'],
  ['', 'wrong_user'],
])('a success that says %s is %s', (body, outcome) => {
  expect(outcomeOf(body)).toBe(outcome)
})

test('the short cut never says anything but what parsing would say', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('user-7', 'user-77', 'user-', '', 'user-7"'),
      fc.dictionary(fc.constantFrom('role', 'Id', 'node'), fc.string()),
      fc.boolean(),
      (id, others, isFirst) => {
        const body = JSON.stringify(isFirst ? { id, ...others } : { ...others, id })
        expect(outcomeOf(body)).toBe(id === 'user-7' ? 'ok' : 'wrong_user')
      },
    ),
  )
})

test('where nobody is named, any success is ok', () => {
  const client = { userId: 'user-7', headers: {}, expectation: 'accept' as const }
  const reader = createAnswerReader(client, undefined)
  expect(reader.read(200, NO_HEADERS, Buffer.from('hello')).outcome).toBe('ok')
  expect(reader.read(204, NO_HEADERS, Buffer.alloc(0)).outcome).toBe('ok')
})

test('what the table expects decides what a refusal and a success are', () => {
  const refusal = '{"error":"unauthorized","reason":"revoked"}'
  expect(outcomeOf(refusal, 'accept', 401)).toBe('unexpected_401')
  expect(outcomeOf(refusal, 'by-chance', 401)).toBe('refused_as_expected')
  expect(outcomeOf(refusal, 'refuse', 401)).toBe('refused_as_expected')
  expect(outcomeOf('{"id":"user-7"}', 'refuse')).toBe('stale_accept')
})

test("a store's outage is told by the body's reason or by the header alone", () => {
  expect(outcomeOf('{"reason":"stale"}', 'accept', 503)).toBe('503_store')
  expect(outcomeOf('busy', 'accept', 503)).toBe('5xx')
  const client = { userId: 'user-7', headers: {}, expectation: 'accept' as const }
  const headers = readHeaders(['X-Stillin-Unavailable', 'memory_full'])
  expect(createAnswerReader(client, 'id').read(503, headers, Buffer.alloc(0))).toEqual({
    outcome: '503_store',
    reason: 'memory_full',
  })
})

test('headers are found in any case, and every set-cookie is kept', () => {
  const raw = [
    'Date',
    'x',
    'X-Served-By',
    'node-2',
    'Set-Cookie',
    'a=1',
    'x-stillin-mode',
    'jwt@3',
    'set-cookie',
    'b=2',
  ]
  expect(readHeaders(raw)).toEqual({
    node: 'node-2',
    mode: 'jwt@3',
    unavailable: '',
    setCookies: ['a=1', 'b=2'],
  })
})

test.each([
  [200, '{"name":"user-7"}', 'ok'],
  [200, '{"name":"user-8"}', 'wrong_user'],
  [200, '{"name":null}', 'unexpected_401'],
  [302, '', 'unexpected_401'],
  [401, '', '4xx'],
  [204, '', '4xx'],
  [500, '', '5xx'],
  [502, '', '502_proxy'],
])('by the statuses of a service that is not ours, %s with %s is %s', (status, body, outcome) => {
  const client = { userId: 'user-7', headers: {}, expectation: 'accept' as const }
  const reader = createAnswerReader(client, '/name', { in: [200], out: [302] })
  expect(reader.read(status, NO_HEADERS, Buffer.from(body)).outcome).toBe(outcome)
})

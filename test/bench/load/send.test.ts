import { expect, test } from 'vitest'
import { sendAll, sendOnce } from '#bench/load/send.ts'
import type { RequestTemplate } from '#contract/target.ts'
import { plantServer, refusedUrl, renderAnswer } from './planted-server.ts'

const lookup: RequestTemplate = { method: 'GET', path: '/me', headers: { cookie: 's=user-3' } }
const options = { timeoutMs: 2000 }

test('an answer comes back whole: status, headers, cookies, parsed body and times', async () => {
  await using server = await plantServer((request) =>
    request.answer({ status: 201, headers: { 'set-cookie': 'a=1', 'x-other': 'b' } }),
  )
  const answer = await sendOnce(`${server.url}/`, lookup, options)
  if (answer.kind !== 'answer') throw new Error(answer.kind)
  expect(answer).toMatchObject({ status: 201, body: { id: 'user-3', role: 'user' }, setCookies: ['a=1'] })
  expect(answer.headers['x-other']).toBe('b')
  expect(answer.doneUs).toBeGreaterThan(answer.invokedUs)
})

test('a body that is not JSON is text, and none is null', async () => {
  await using server = await plantServer((request) =>
    request.answer({ body: request.index === 0 ? 'hi' : '' }),
  )
  expect(await sendOnce(server.url, lookup, options)).toMatchObject({ body: 'hi' })
  expect(await sendOnce(server.url, lookup, options)).toMatchObject({ body: null })
})

test('a request with a body is sent as it is', async () => {
  let head = ''
  await using server = await plantServer((request) => {
    head = request.head
    request.answer()
  })
  const login = {
    method: 'POST',
    path: '/login',
    headers: { 'content-type': 'application/json' },
    body: '{"a":1}',
  } as const
  await sendOnce(server.url, login, options)
  expect(head).toMatch(/^POST \/login HTTP\/1.1/)
  expect(head).toMatch(/content-length: 7/i)
})

test('each way to get no answer is a value of its own', async () => {
  await using server = await plantServer(({ index, socket, user }) => {
    if (index === 0) socket.resetAndDestroy()
    if (index === 1) socket.end(renderAnswer(user).slice(0, -9))
  })
  expect(await sendOnce(await refusedUrl(), lookup, options)).toMatchObject({
    kind: 'connect_refused',
    reason: 'ECONNREFUSED',
  })
  expect(await sendOnce(server.url, lookup, options)).toMatchObject({ kind: 'reset' })
  expect(await sendOnce(server.url, lookup, options)).toMatchObject({ kind: 'aborted' })
  const silent = await sendOnce(server.url, lookup, { timeoutMs: 80 })
  expect(silent.kind).toBe('timeout')
  expect(silent.doneUs - silent.invokedUs).toBeGreaterThanOrEqual(79_000)
})

test("the caller's signal ends it with its reason", async () => {
  await using server = await plantServer(() => {})
  const abort = new AbortController()
  const sent = sendOnce(server.url, lookup, { ...options, signal: abort.signal })
  abort.abort(new Error('enough'))
  await expect(sent).rejects.toThrow('enough')
  await expect(sendOnce(server.url, lookup, { ...options, signal: abort.signal })).rejects.toThrow('enough')
})

test.runIf(process.platform === 'linux')('it is sent from the address asked for', async () => {
  let from: string | undefined
  await using server = await plantServer((request) => {
    from = request.socket.remoteAddress
    request.answer()
  })
  await sendOnce(server.url, lookup, { ...options, localAddress: '127.0.7.9' })
  expect(from).toBe('127.0.7.9')
})

test('many are sent a few at a time, and come back in order', async () => {
  let open = 0
  let most = 0
  await using server = await plantServer((request) => {
    most = Math.max(most, ++open)
    setTimeout(() => {
      open--
      request.answer()
    }, 5)
  })
  const errands = Array.from({ length: 20 }, (_, index) => ({
    url: server.url,
    request: { ...lookup, headers: { cookie: `s=user-${index}` } },
  }))
  const answers = await sendAll(errands, 4, options)
  expect(answers.map((answer) => answer.kind === 'answer' && (answer.body as { id: string }).id)).toEqual(
    Array.from({ length: 20 }, (_, index) => `user-${index}`),
  )
  expect(most).toBe(4)
  expect(await sendAll([], 4, options)).toEqual([])
})

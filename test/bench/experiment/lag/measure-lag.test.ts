import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { isKept } from '#bench/experiment/lag/measure-lag.ts'
import { openWatch } from '#bench/experiment/lag/watch-credential.ts'
import { MODES } from '#contract/modes.ts'
import { stillinTarget } from '#contract/target.ts'

/** A node that answers its questions one after another in this way, the last answer for ever. */
async function nodeThatSays(...answers: (200 | 401 | 503)[]) {
  let asked = 0
  const server = createServer((_request, response) => {
    const status = answers[Math.min(asked, answers.length - 1)] ?? 503
    asked += 1
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(status === 200 ? { id: 'user-1' } : { error: 'no' }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, asked: () => asked, [Symbol.asyncDispose]: async () => void server.close() }
}

const credential = { userId: 'user-1', headers: { cookie: 'stillin_session=a' } }
const target = (...urls: string[]) =>
  stillinTarget(
    MODES.redis,
    urls[0] ?? '',
    urls.map((url, index) => ({ id: `node-${index + 1}`, url })),
  )

describe('watching a revoked credential', () => {
  it('takes the last accepted question of each node for its lag, and three refusals in a row for the end', async () => {
    await using prompt = await nodeThatSays(200, 401)
    await using late = await nodeThatSays(200, 200, 401, 200, 401)
    await using stranger = await nodeThatSays(401)
    await using watch = await openWatch(target(prompt.url, late.url, stranger.url), credential)
    const watched = await watch.watch(performance.now() - 100, { pauseMs: 0, limitMs: 60_000 })
    // Of a node that never accepted it nothing can be learned.
    expect(watched).toMatchObject([
      { id: 'node-1', lagMs: 0, finished: true },
      { id: 'node-2', finished: true },
    ])
    expect(watched).toHaveLength(2)
    expect(watched[1]?.lagMs).toBeGreaterThanOrEqual(100)
    expect([prompt.asked(), late.asked(), stranger.asked()]).toEqual([4, 7, 1])
    expect(watched[1]?.gapsMs).toHaveLength(5)
  })

  it('takes 503 neither for an accept nor for a refusal, and ends at its limit', async () => {
    await using mute = await nodeThatSays(200, 503)
    await using watch = await openWatch(target(mute.url), credential)
    const [watched] = await watch.watch(performance.now(), { pauseMs: 5, limitMs: 200 })
    expect(watched).toMatchObject({ lagMs: 0, finished: false })
  })
})

describe('a promise', () => {
  const seen = { boundMs: null, lifetimeS: 2, count: 9, maxMs: 0, unfinished: 0 }

  it('is kept up to its bound, and broken beyond it', () => {
    expect(isKept('always', { ...seen, boundMs: 0 })).toBe(true)
    expect(isKept('always', { ...seen, boundMs: 0, maxMs: 0.1 })).toBe(false)
    expect(isKept('within-bound', { ...seen, boundMs: 1000, maxMs: 1000 })).toBe(true)
    expect(isKept('within-bound', { ...seen, boundMs: 1000, maxMs: 1001 })).toBe(false)
    expect(isKept('at-expiry', { ...seen, maxMs: 1_999 })).toBe(true)
    expect(isKept('at-expiry', { ...seen, maxMs: 2_001, unfinished: 1 })).toBe(false)
  })

  it('cannot be judged where there is none, nothing was acknowledged, or a node could not tell', () => {
    for (const promise of ['by-chance', 'never'] as const) expect(isKept(promise, seen)).toBeNull()
    expect(isKept('always', { ...seen, boundMs: 0, count: 0 })).toBeNull()
    expect(isKept('always', { ...seen, boundMs: 0, unfinished: 1 })).toBeNull()
  })
})

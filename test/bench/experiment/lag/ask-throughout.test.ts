import { expect, it } from 'vitest'
import { askThroughout } from '#bench/experiment/lag/ask-throughout.ts'
import { createSharedPace } from '#bench/experiment/lag/shared-pace.ts'

/** A node that answers so, one question after another, and then ends the watching. */
async function asked(...statuses: (number | undefined)[]) {
  const over = new AbortController()
  const pace = createSharedPace()
  const answers = [...statuses]
  const ask = async () => {
    const status = answers.shift()
    if (answers.length === 0) over.abort()
    return status
  }
  const seen = await askThroughout(ask, performance.now() - 1_000, pace, over.signal)
  return { ...seen, gaps: pace.gapsMs.length, pauseMs: pace.pauseMs() }
}

it('a node that takes its refusals back is caught, and has then not refused for good', async () => {
  const { lagMs, answeredMs, finished, questions } = await asked(401, 401, 401, 200, 401, 401)
  expect(lagMs).toBeGreaterThan(1_000)
  expect(answeredMs).toBeGreaterThanOrEqual(lagMs)
  expect([finished, questions]).toEqual([false, 6])
})

it('a node that cannot tell, or does not answer, neither accepts nor refuses, and takes no refusal back', async () => {
  expect(await asked(503, undefined, 401, 503, 401, 401)).toMatchObject({
    lagMs: 0,
    unavailable: 2,
    unanswered: 1,
    finished: false,
  })
  expect(await asked(401, 401, 401, 503)).toMatchObject({ lagMs: 0, unavailable: 1, finished: true })
})

it('watchers share a number of questions, so that many of them do not become the fault', () => {
  const pace = createSharedPace()
  const closeMs = pace.pauseMs()
  for (let watcher = 0; watcher < 90; watcher += 1) pace.enter()
  expect(pace.pauseMs()).toBe(60)
  for (let watcher = 0; watcher < 90; watcher += 1) pace.leave()
  expect(pace.pauseMs()).toBe(closeMs)
})

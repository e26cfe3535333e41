import { afterEach, expect, test, vi } from 'vitest'
import { ActiveChecks } from '../../../proxy/upstream/active-checks.ts'
import { Ejection } from '../../../proxy/upstream/ejection.ts'
import { Pool } from '../../../proxy/upstream/pool.ts'
import { Recorder } from '../recorder.ts'
import { eventually, quickSettings } from '../running-proxy.ts'

const settings = quickSettings()
const { everyMs, transitionEveryMs } = settings.checks
const closing: (() => unknown)[] = []

afterEach(async () => {
  vi.restoreAllMocks()
  for (const close of closing.splice(0).reverse()) await close()
})

/** Checks of one recorder that pass their waits at once, and keep how long each would have been. */
async function watched(generation = () => 0) {
  const recorder = new Recorder()
  const url = new URL(await recorder.listen())
  const waits: number[] = []
  const real = globalThis.setTimeout
  vi.spyOn(globalThis, 'setTimeout').mockImplementation(((run: () => void, ms: number) => {
    const isBetweenChecks = ms === everyMs || ms === transitionEveryMs
    if (isBetweenChecks) waits.push(ms)
    return real(run, isBetweenChecks ? 1 : ms)
  }) as typeof setTimeout)
  const pool = new Pool({
    event: () => {},
    added: (upstream) => {
      if (upstream.id === 'node-1') checks.watch(upstream)
    },
    removed: (upstream) => checks.forget(upstream),
  })
  const ejection = new Ejection(pool, settings.passive, (upstream) => checks.suspect(upstream))
  // 0.5 is the middle of the jitter: every wait is the setting itself.
  const checks = new ActiveChecks(
    pool,
    ejection,
    settings.checks,
    () => 0.5,
    generation,
    () => {},
  )
  closing.push(
    () => recorder.close(),
    () => checks.close(),
  )
  // A neighbour that is not checked, since the last one is never ejected.
  pool.replace([
    { id: 'node-1', url },
    { id: 'node-2', url },
  ])
  const [upstream, neighbour] = pool.members
  if (!upstream || !neighbour) throw new Error('no upstream')
  neighbour.checkedUp = true
  await eventually(() => upstream.healthy)
  pool.refresh()
  return { recorder, upstream, ejection, waits }
}

test('a dying upstream is found down by checks in quick succession', async () => {
  const { recorder, upstream, waits } = await watched()
  recorder.healthy = false
  await eventually(() => upstream.health === 'down')
  const failing = waits.slice(waits.indexOf(transitionEveryMs))
  expect(failing.slice(0, settings.checks.downAfter - 1)).toEqual([transitionEveryMs, transitionEveryMs])
})

test('one that comes back is taken in a quick second check, one that stays down is asked at the usual pace', async () => {
  const { recorder, upstream, waits } = await watched()
  recorder.healthy = false
  await eventually(() => upstream.health === 'down')
  await eventually(() => waits.slice(-4).every((ms) => ms === everyMs))
  const from = waits.length
  recorder.healthy = true
  await eventually(() => upstream.healthy && waits.length > from)
  const back = waits.slice(from)
  expect(back.filter((ms) => ms === transitionEveryMs)).toHaveLength(settings.checks.upAfter - 1)
})

test('a node that missed a switch takes no traffic until it has been told', async () => {
  let generation = 3
  const { recorder, upstream } = await watched(() => generation)
  recorder.mode = 'redis@3'
  generation = 4
  await eventually(() => upstream.health === 'down')
  recorder.mode = 'jwt@4'
  await eventually(() => upstream.healthy)
})

test('checks that saw an ejected upstream fail and come back end its ejection early', async () => {
  const { recorder, upstream, ejection, waits } = await watched()
  for (let i = 0; i < settings.passive.failuresInARow; i += 1) ejection.failed(upstream, 'reset')
  expect(upstream.ejected).toBe(true)
  recorder.healthy = false
  const from = waits.length
  await eventually(() => waits.length > from + 1)
  recorder.healthy = true
  await eventually(() => upstream.healthy)
  expect(upstream.checkedUp).toBe(true)
})

test('checks that never failed leave an ejection its time', async () => {
  const { upstream, ejection, waits } = await watched()
  for (let i = 0; i < settings.passive.failuresInARow; i += 1) ejection.failed(upstream, 'answered 503')
  const from = waits.length
  await eventually(() => waits.length > from + 3)
  expect(upstream.ejected).toBe(true)
})

test('traffic that fails brings the next check forward, once', async () => {
  const { upstream, ejection, waits } = await watched()
  const before = waits.filter((ms) => ms === transitionEveryMs).length
  await eventually(() => waits.at(-1) === everyMs)
  for (let i = 0; i < 20; i += 1) ejection.failed(upstream, 'reset')
  expect(waits.filter((ms) => ms === transitionEveryMs).length - before).toBeLessThanOrEqual(1)
  await eventually(
    () => waits.filter((ms) => ms === transitionEveryMs).length > before || feed(ejection, upstream),
  )
})

/** Fails again: the moment before may have found a check under way. */
function feed(ejection: Ejection, upstream: Parameters<Ejection['failed']>[0]): false {
  ejection.failed(upstream, 'reset')
  return false
}

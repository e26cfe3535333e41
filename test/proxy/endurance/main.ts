import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { FORWARDER_NAMES } from '#contract/environment.ts'
import { liveRestlessly, type Tally } from './restless-client.ts'

/**
 * A million requests with aborts, retries and upstream deaths among them, through a proxy with its ordinary settings;
 * then: what does it hold that it did not hold after warm-up? Not part of the suite, which has a short version
 * (`nothing-grows.test.ts`). By hand: `node test/proxy/endurance/main.ts [requests] [forwarder]`.
 */
const WARM_UP = 100_000
const CLIENTS = 48
/** Longer than idle connections, ejections and the slow start live. */
const QUIET_MS = 12_000

const goal = Number(process.argv[2] ?? 1_000_000)
const forwarders = FORWARDER_NAMES.filter((name) => (process.argv[3] ?? name) === name)

async function ask<T>(child: ChildProcess): Promise<T> {
  child.send('tell')
  const [answer] = (await once(child, 'message')) as [T]
  return answer
}

async function live(port: number, tally: Tally, until: number): Promise<void> {
  await Promise.all(Array.from({ length: CLIENTS }, (_, i) => liveRestlessly(port, i, until, tally)))
}

for (const forwarder of forwarders) {
  const upstreams = fork(new URL('./upstreams/main.ts', import.meta.url))
  const [{ ports }] = (await once(upstreams, 'message')) as [{ ports: number[] }]
  const urls = ports.map((port) => `http://127.0.0.1:${port}`)
  const proxy = fork(new URL('./proxy/main.ts', import.meta.url), [forwarder, ...urls])
  const [{ port }] = (await once(proxy, 'message')) as [{ port: number }]
  await delay(500)
  const tally: Tally = { begun: 0, statuses: new Map() }
  const startedMs = performance.now()
  await live(port, tally, Math.min(WARM_UP, goal / 2))
  await delay(QUIET_MS)
  const before = await ask<object>(proxy)
  await live(port, tally, goal)
  await delay(QUIET_MS)
  const after = await ask<object>(proxy)
  const { requests, deaths } = await ask<{ requests: number; deaths: number }>(upstreams)
  const seconds = Math.round((performance.now() - startedMs) / 1000)
  console.log(JSON.stringify({ forwarder, seconds, begun: tally.begun, atUpstreams: requests, deaths }))
  console.log(JSON.stringify({ answers: Object.fromEntries(tally.statuses) }))
  console.log(JSON.stringify({ before, after }, null, 1))
  proxy.disconnect()
  upstreams.disconnect()
}

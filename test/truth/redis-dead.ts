/**
 * Redis dead: does every mode that stands on it keep every clause of what is promised then? Kills, stops and silences
 * Redis under each mode of a real cluster, asks in every way through the entrance, and judges clause by clause.
 *
 *   npx node test/truth/redis-dead.ts [--modes redis,jwt-pushed] [--faults kill-redis,pause-redis] [--seconds 3] [--json]
 *   NODE_ENV=test STILLIN_PLANT=fail-open npx node test/truth/redis-dead.ts --modes jwt-denylist      it can say no
 *
 * Not part of `npm test`: 8 s a mode and fault, two minutes in all. Ends with code 1 where a clause was broken.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { FAULTS } from '#bench/chaos/fault-table.ts'
import { forge } from '#bench/experiment/costs/canaries.ts'
import { readProxyEvents } from '#bench/experiment/failures/proxy-events.ts'
import { whenWhole } from '#bench/experiment/failures/when-whole.ts'
import { type ClusterLab, openClusterLab } from '#bench/experiment/lab/lab.ts'
import { seedEverywhere } from '#bench/experiment/lab/seeding.ts'
import { sendOnce } from '#bench/load/send.ts'
import { createClient } from '#bench/workload/client.ts'
import { monotonicUs } from '#contract/clock.ts'
import { COOKIES } from '#contract/headers.ts'
import { LAB, labUserIds } from '#contract/lab.ts'
import { type FaultName, isModeName, MODE_NAMES, MODES, type Mode } from '#contract/modes.ts'
import type { Credential } from '#contract/node-admin.ts'
import { demandRequest, renderRequest, stillinTarget } from '#contract/target.ts'
import { type Asked, judgeRedisDead, type Question } from './redis-dead-clauses.ts'

/** Redis-stock hangs by design: its figures are no promise. */
const ON_REDIS = MODE_NAMES.filter((name) => MODES[name].needs.includes('redis') && name !== 'redis-stock')
const { values } = parseArgs({
  options: {
    modes: { type: 'string', default: ON_REDIS.join() },
    faults: { type: 'string', default: 'kill-redis,pause-redis,silent-redis' },
    seconds: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
  },
})
const modes = values.modes.split(',').filter(isModeName)
const faults = values.faults.split(',').filter((name): name is FaultName => Object.hasOwn(FAULTS, name))
const lastsMs = Number(values.seconds) * 1000
const signal = new AbortController().signal

const ASK_EVERY_MS = 20
const AFTER_MS = 2_500
const TIMEOUT_MS = 2_000
/** What is asked, in turn: lookups most of all. */
const TURNS: readonly Asked[] = [
  'live',
  'logged-out',
  'live',
  'write',
  'live',
  'forged',
  'live',
  'login',
  'live',
  'logout',
  'live',
  'transfer',
]
const EACH = { live: 9, out: 6, leaving: 40 } as const

/** Asks one mode in every way before, during and after a fault. */
async function dieUnder({ cluster }: ClusterLab, mode: Mode, faultName: FaultName) {
  await whenWhole(cluster, signal)
  await cluster.setMode(mode.name)
  const target = stillinTarget(mode, cluster.proxy.url, cluster.nodes())
  const made = await seedEverywhere(cluster, mode, labUserIds(0, EACH.live + EACH.out + EACH.leaving))
  const credentials = made.map(({ credential }) => credential)
  const live = credentials.slice(0, EACH.live)
  const out = credentials.slice(EACH.live, EACH.live + EACH.out)
  const leaving = credentials.slice(EACH.live + EACH.out)
  for (const credential of [...live, ...out])
    for (const { url } of target.nodes)
      await sendOnce(url, renderRequest(target.requests.lookup, credential), { timeoutMs: TIMEOUT_MS })
  for (const credential of out)
    await sendOnce(target.url, renderRequest(demandRequest(target, 'logout'), credential), {
      timeoutMs: TIMEOUT_MS,
    })
  await sleep((mode.boundMs ?? 0) + 200)

  const forged = forge(live[0] as Credential)
  const requestOf = (asked: Asked, turn: number) => {
    const pick = (from: readonly Credential[]) => from[turn % from.length] as Credential
    const act = (credential: Credential, name: 'write' | 'transfer' | 'login' | 'logout') => {
      const client = createClient(target, credential.userId, LAB.password)
      if (name !== 'login') client.adopt(credential)
      return client.request(name, { data: '{"n":1}' })
    }
    if (asked === 'live') return renderRequest(target.requests.lookup, pick(live))
    if (asked === 'logged-out') return renderRequest(target.requests.lookup, pick(out))
    if (asked === 'forged') return renderRequest(target.requests.lookup, forged)
    return act(asked === 'logout' ? pick(leaving) : pick(live), asked)
  }
  const questions: (Question & { sentUs: number })[] = []
  const asking = new AbortController()
  const pending: Promise<void>[] = []
  const ask = async (turn: number): Promise<void> => {
    const asked = TURNS[turn % TURNS.length] ?? 'live'
    const request = requestOf(asked, Math.floor(turn / TURNS.length) + turn)
    if (request === undefined) return
    const answer = await sendOnce(target.url, request, { timeoutMs: TIMEOUT_MS })
    const cookies = answer.kind === 'answer' ? answer.setCookies : []
    questions.push({
      asked,
      sentUs: answer.invokedUs,
      atMs: 0,
      tookMs: (answer.doneUs - answer.invokedUs) / 1000,
      status: answer.kind === 'answer' ? answer.status : 0,
      clearedCookie: cookies.some((line) =>
        new RegExp(`^${COOKIES.session}=(;|.*(Max-Age=0|1970))`, 'i').test(line),
      ),
    })
  }
  const load = (async () => {
    for (let turn = 0; !asking.signal.aborted; turn += 1) {
      pending.push(ask(turn))
      await sleep(ASK_EVERY_MS)
    }
  })()
  const eventsBefore = (await readProxyEvents(cluster)).length
  const times = await (async () => {
    await using injected = await FAULTS[faultName].inject(cluster, () => 0.5, mode.name, signal)
    const zeroUs = monotonicUs()
    await sleep(lastsMs)
    const healBeganUs = monotonicUs()
    await injected[Symbol.asyncDispose]()
    return { zeroUs, healBeganUs, healedUs: monotonicUs() }
  })()
  await sleep(AFTER_MS)
  asking.abort()
  await load
  await Promise.all(pending)
  const events = (await readProxyEvents(cluster)).slice(eventsBefore)
  const sinceMs = (atUs: number) => (atUs - times.zeroUs) / 1000
  return judgeRedisDead(mode, {
    questions: questions.map(({ sentUs, ...question }) => ({ ...question, atMs: sinceMs(sentUs) })),
    healBeganMs: sinceMs(times.healBeganUs),
    healedMs: sinceMs(times.healedUs),
    ejected: events
      .filter(({ kind }) => kind === 'ejected' || kind === 'down')
      .map(({ kind, upstream = '' }) => `${upstream} ${kind}`),
  })
}

if (modes.length === 0 || faults.length === 0) throw new Error('no mode or no fault of these is known')
const options = {
  modes,
  nodes: 3,
  users: 200,
  forwarder: 'http-proxy',
  jwtAlgorithm: 'HS256',
  jwtVerifier: 'jose',
} as const
const own = {
  links: true,
  redisPersistence: 'aof',
  redisUrl: undefined,
  plant: process.env['STILLIN_PLANT'],
} as const
await using lab = await openClusterLab(
  { ...options, ...own },
  { update: () => {}, note: console.error },
  signal,
)
let broken = 0
for (const name of modes) {
  for (const fault of faults) {
    const clauses = await dieUnder(lab, MODES[name], fault)
    broken += clauses.filter(({ ok }) => !ok).length
    if (values.json) console.log(JSON.stringify({ mode: name, fault, clauses }))
    else {
      console.log(`${name} × ${fault}`)
      for (const { name: clause, ok, seen } of clauses)
        console.log(`  ${ok ? 'kept  ' : 'BROKEN'}  ${clause.padEnd(30)} ${seen}`)
    }
  }
}
console.log(broken === 0 ? 'every clause was kept' : `${broken} clauses were broken`)
process.exitCode = broken === 0 ? 0 : 1

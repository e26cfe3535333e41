import { parseArgs } from 'node:util'
import type { Sample } from '#bench/load/plan.ts'
import { monotonicUs } from '#contract/clock.ts'
import { FORWARDER_NAMES } from '#contract/environment.ts'
import type { ProxyEvent } from '#contract/proxy-admin.ts'
import {
  countLost,
  type Drill,
  type DrillAffinity,
  type DrillUser,
  load,
  openDrill,
  settleUsers,
} from './drill.ts'
import { LAST_RESORT, SCENARIOS, type Scenario } from './scenarios.ts'

/**
 * What the proxy makes of failing nodes: real nodes, real signals, an open loop of GETs. Not part of the suite; run by
 * hand: `node test/proxy/failures/main.ts [--rate 300] [--users 120] [--only TEXT]`. Prints a Markdown table; a row
 * is lines of figures that docs/proxy.md keeps.
 */
const STEADY_MS = 1_000
const SETTLING_MS = 300
const AFFINITIES: readonly DrillAffinity[] = ['none', 'cookie', 'hash:user']

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '300' },
    users: { type: 'string', default: '120' },
    only: { type: 'string', default: '' },
    forwarder: { type: 'string', multiple: true, default: [...FORWARDER_NAMES] },
    affinity: { type: 'string', multiple: true, default: [...AFFINITIES] },
  },
})

interface Row {
  sent: number
  failed: readonly string[]
  moved: string
  lost: number
  users: number
  detectMs: number | undefined
  recoverMs: number | undefined
}

/** Where each user was served last in these samples. */
function lastNodes(samples: readonly Sample[]): Map<string, string> {
  const nodes = new Map<string, string>()
  for (const { user, node, outcome } of [...samples].sort((a, b) => a.dueUs - b.dueUs))
    if (outcome === 'ok') nodes.set(user, node)
  return nodes
}

/** Users whom another node than their own served last, of those who asked after the fault. */
function countMoved(samples: readonly Sample[], users: readonly DrillUser[], faultUs: number): number {
  const after = lastNodes(samples.filter(({ dueUs }) => dueUs > faultUs))
  return users.filter(({ id, home }) => after.has(id) && after.get(id) !== home).length
}

/** When the last of these nodes had such an event after the fault, ms from `sinceUs`; 0: before that already. */
function untilAll(
  events: readonly ProxyEvent[],
  nodes: readonly string[],
  kinds: readonly ProxyEvent['kind'][],
  faultUs: number,
  sinceUs: number | undefined,
): number | undefined {
  if (sinceUs === undefined || nodes.length === 0) return undefined
  const firsts = nodes.map(
    (node) =>
      events.find(({ kind, upstream, atUs }) => upstream === node && kinds.includes(kind) && atUs > faultUs)
        ?.atUs,
  )
  return firsts.every((at) => at !== undefined)
    ? Math.max(0, (Math.max(...firsts) - sinceUs) / 1000)
    : undefined
}

async function play(drill: Drill, scenario: Scenario, affinity: DrillAffinity): Promise<Row> {
  await drill.whole()
  const users = await settleUsers(drill, Number(values.users))
  let faultUs = 0
  let healUs: number | undefined
  const running = load(drill, users, Number(values.rate), STEADY_MS + scenario.lastsMs)
  await new Promise((resolve) => setTimeout(resolve, STEADY_MS))
  const marks = {
    fault() {
      faultUs = monotonicUs()
    },
    heal() {
      healUs = monotonicUs()
    },
  }
  await scenario.act(drill, marks)
  const samples = await running
  await new Promise((resolve) => setTimeout(resolve, SETTLING_MS))
  const events = await drill.events()
  const outcomes = Map.groupBy(
    samples.filter(({ outcome }) => outcome !== 'ok'),
    ({ outcome, status, reason }) => `${outcome} ${status || reason}`,
  )
  return {
    sent: samples.length,
    failed: [...outcomes].map(([what, list]) => `${list.length} ${what}`),
    moved: affinity === 'none' ? '–' : String(countMoved(samples, users, faultUs)),
    lost: await countLost(drill, users),
    users: users.length,
    detectMs: untilAll(events, scenario.nodes, ['down', 'ejected'], faultUs, faultUs),
    recoverMs: untilAll(events, scenario.nodes, ['up', 'readmitted'], faultUs, healUs),
  }
}

const seconds = (ms: number | undefined): string => (ms === undefined ? '–' : (ms / 1000).toFixed(2))

console.log(
  '| forwarder | affinity | what happened | GETs | failed | users moved | sessions lost | s to detect | s to recover |',
)
console.log('| --- | --- | --- | ---: | --- | ---: | ---: | ---: | ---: |')
for (const forwarder of FORWARDER_NAMES.filter((name) => values.forwarder.includes(name)))
  for (const affinity of AFFINITIES.filter((name) => values.affinity.includes(name))) {
    await using drill = await openDrill(forwarder, affinity)
    for (const scenario of [...SCENARIOS, LAST_RESORT]) {
      if (!scenario.name.includes(values.only)) continue
      const row = await play(drill, scenario, affinity)
      const cells = [
        forwarder,
        affinity,
        scenario.name,
        row.sent,
        row.failed.length === 0 ? 0 : row.failed.join(', '),
        row.moved === '–' ? row.moved : `${row.moved} of ${row.users}`,
        `${row.lost} of ${row.users}`,
        seconds(row.detectMs),
        seconds(row.recoverMs),
      ]
      console.log(`| ${cells.join(' | ')} |`)
    }
  }
process.exit(0)

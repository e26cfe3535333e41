/**
 * Does `compare` see a slowdown between two runs, and nothing where there is none? Three runs of `bench` on one commit,
 * each on a stack of its own: two alike, and one whose nodes bear so many percent of what a request costs more, in
 * every check of a login, or everywhere. Prints what `compare` says of the first two, and of the second and the third.
 *
 *   npx node test/truth/planted-slowdown.ts [--percent 10] [--everywhere] [--alike 2] [--modes redis] [--rounds 8] [--window-ms 1000]
 *
 * With more runs alike, every pair of them is compared: how far do starts of one program lie apart, and is anything of it
 * claimed? Not part of `npm test`: it takes four minutes, and means something on a machine that does nothing else.
 */
import { parseArgs } from 'node:util'
import { burdenOf } from '#bench/experiment/calibrate/plants.ts'
import { BENCH_SETTINGS } from '#bench/experiment/costs/bench-settings.ts'
import { measureCosts } from '#bench/experiment/costs/measure-costs.ts'
import { finishRun } from '#bench/experiment/finish-run.ts'
import { askAdmin } from '#bench/experiment/lab/admin-client.ts'
import type { LabOptions } from '#bench/experiment/lab/lab.ts'
import { openLabSeat } from '#bench/experiment/lab/lab-seat.ts'
import { createSchedule } from '#bench/experiment/progress.ts'
import { compareResults } from '#bench/experiment/results/compare-results.ts'
import { writeResult } from '#bench/experiment/results/result-file.ts'
import { describeConfiguration } from '#bench/experiment/run-experiment.ts'
import { currentLoad } from '#bench/measure/environment.ts'
import { renderDifferences } from '#bench/report/terminal/difference-report.ts'
import { LAB } from '#contract/lab.ts'
import type { ModeName } from '#contract/modes.ts'
import type { BurdenRequest } from '#contract/node-admin.ts'
import type { RunResult } from '#contract/result.ts'
import { ADMIN_ROUTES } from '#contract/routes.ts'

const { values } = parseArgs({
  options: {
    percent: { type: 'string', default: '10' },
    everywhere: { type: 'boolean', default: false },
    alike: { type: 'string', default: '2' },
    modes: { type: 'string', default: 'redis' },
    rounds: { type: 'string', default: '8' },
    'window-ms': { type: 'string', default: '1000' },
    out: { type: 'string', default: 'results/planted-slowdown' },
  },
})
const modes = values.modes.split(',') as ModeName[]
const [mode] = modes
if (mode === undefined) throw new Error('--modes names none')
if (Number(values.rounds) < 6) throw new Error('--rounds: in fewer than six nothing can be claimed')
const share = Number(values.percent) / 100
const NOTHING: BurdenRequest = { cpuUs: 0, delayMs: 0, checksOnly: !values.everywhere }
const { signal } = new AbortController()
const quiet = { update: () => {}, note: (text: string) => console.error(text) }
const lab: LabOptions = {
  modes,
  nodes: LAB.nodes,
  users: LAB.users,
  forwarder: 'http-proxy',
  jwtAlgorithm: 'HS256',
  jwtVerifier: 'jose',
  redisUrl: undefined,
  plant: undefined,
  nodeEnvironment: { NODE_ENV: 'test' },
}
// One rate for all three: at another one a request costs something else.
const costs = {
  ...BENCH_SETTINGS,
  via: 'proxy',
  connections: LAB.connections,
  rounds: Number(values.rounds),
  windowMs: Number(values['window-ms']),
  ratePerS: 300,
  users: LAB.connections * 8,
  seed: 1,
} as const

/** A run of `bench` whose nodes bear this. */
async function bench(burden: BurdenRequest): Promise<RunResult> {
  const [startedAt, loadBefore] = [new Date(), currentLoad()]
  await using seat = await openLabSeat(lab, quiet, signal)
  const { cluster } = seat.lab
  for (const { adminUrl } of cluster.nodes())
    await askAdmin(adminUrl, cluster.adminToken, 'PUT', ADMIN_ROUTES.burden, burden)
  const evidence = await measureCosts(seat, modes, costs, createSchedule(quiet, 0), signal)
  const result = await finishRun(seat.lab, {
    kind: 'bench',
    startedAt,
    loadBefore,
    seed: costs.seed,
    command: `node test/truth/planted-slowdown.ts (${burden.cpuUs} µs planted)`,
    configuration: describeConfiguration({ costs, failures: undefined }, seat.lab, evidence),
    ...evidence,
    leftOut: [...seat.lab.leftOut, ...evidence.leftOut],
    interrupted: false,
  })
  const { folder } = await writeResult(values.out, result, [])
  const flaws = result.checks.filter(({ ok, voids }) => !ok && voids === 'run')
  console.error(`${folder}: ${flaws.length === 0 ? 'valid' : flaws.map(({ detail }) => detail).join('; ')}`)
  return result
}

/** What `compare` says, also of runs that are not valid: then its first lines say so. */
function show(title: string, a: RunResult, b: RunResult) {
  const comparison = compareResults(a, b, true)
  const ends = { a: { id: a.id, command: a.command }, b: { id: b.id, command: b.command } }
  console.log(`\n=== ${title}\n`)
  console.log(renderDifferences({ ...ends, ...comparison, demands: [] }, { colour: false, width: 100 }))
  return comparison.differences
}

/** Every pair of runs alike, in the figure on which claims rest: all of it is noise of one start against another. */
function compareAlike(runs: readonly RunResult[]): number {
  const found = runs.flatMap((a, index) =>
    runs.slice(index + 1).flatMap((b) => compareResults(a, b, true).differences),
  )
  const claims = found.filter(({ claimed }) => claimed)
  for (const arm of ['baseline', ...modes]) {
    const ratios = found
      .filter((one) => one.arm === arm && one.metric === 'nodeCpuUs' && one.point === 'saturated')
      .map(({ ratio, atOneSpeed }) => `${ratio.toFixed(3)} (${atOneSpeed?.ratio.toFixed(3) ?? '-'})`)
    console.log(`${arm}, node CPU saturated, pair by pair (at one speed): ${ratios.join(', ')}`)
  }
  console.log(`${claims.length} of ${found.length} differences between runs alike are claimed.`)
  return claims.length
}

const alike: RunResult[] = []
for (let run = 0; run < Math.max(2, Number(values.alike)); run += 1) alike.push(await bench(NOTHING))
const [first, second] = alike.slice(-2)
if (!first || !second) throw new Error('two runs alike are needed')
const requestCpuUs = second.arms
  .find(({ arm }) => arm === mode)
  ?.metrics.find(({ name, point }) => name === 'nodeCpuUs' && point === 'saturated')?.value
if (typeof requestCpuUs !== 'number') throw new Error(`no request of ${mode} was measured`)
const plant = { name: '', point: 'saturated', metric: 'nodeCpuUs', cpuShare: share, delayMs: 0 } as const
const burden = { ...burdenOf(plant, requestCpuUs), checksOnly: !values.everywhere }
const third = await bench(burden)

show('two runs of one program', first, second)
const claims = compareAlike(alike)
const planted = `${burden.cpuUs} µs, ${values.percent} % of what a request of ${mode} cost`
const found = show(
  `planted in every ${values.everywhere ? 'answer' : 'check'} of the second: ${planted}`,
  second,
  third,
).find(({ arm, metric, point }) => arm === mode && metric === 'nodeCpuUs' && point === 'saturated')
console.log(`\nOf runs alike ${claims} differences are claimed (none should be).`)
console.log(`The planted one is ${found?.claimed ? '' : 'not '}claimed.`)
process.exitCode = claims === 0 && found?.claimed ? 0 : 1

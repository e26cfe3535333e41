/**
 * Puts our open loop beside fortio, an independent generator that keeps a rate: the same lookups through the
 * proxy to three nodes, in alternating turns; service times as each of them measures them. fortio sends for one user.
 *
 *   npx node test/truth/beside-fortio.ts [turns] [seconds] [rate]
 *
 * Not part of `npm test`: it needs fortio on the PATH and a quiet machine.
 */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { type Arm, baselineArm, enterArm, prepareArm } from '#bench/experiment/costs/arms.ts'
import { BENCH_SETTINGS } from '#bench/experiment/costs/bench-settings.ts'
import { equalRatePlan } from '#bench/experiment/costs/load-plans.ts'
import { warmUp } from '#bench/experiment/costs/warm-up.ts'
import type { Lab } from '#bench/experiment/lab/lab.ts'
import { openLabBeside, ratio } from './beside.ts'

const run = promisify(execFile)
const turns = Number(process.argv[2] ?? 8)
const seconds = Number(process.argv[3] ?? 4)
const ratePerS = Number(process.argv[4] ?? 1_000)
const signal = new AbortController().signal
const settings = {
  ...BENCH_SETTINGS,
  rounds: 8,
  via: 'proxy',
  connections: 32,
  users: 256,
  ratePerS,
  seed: 1,
  windowMs: seconds * 1000,
} as const

/** Service times of one turn, ms. */
interface Turn {
  p50: number
  p99: number
}

async function ours(lab: Lab, arm: Arm, turn: number): Promise<Turn> {
  // Evenly paced, as fortio does.
  const plan = { ...equalRatePlan(arm, settings, turn), arrivals: 'constant' } as const
  const { outcomes, serviceMs } = await lab.generator.run(plan, {}, signal)
  const { p50, p99 } = serviceMs
  if (p50 === null || p99 === null) throw new Error(`no percentiles of ${JSON.stringify(outcomes)}`)
  return { p50, p99 }
}

async function fortio(arm: Arm): Promise<Turn> {
  const headers = Object.entries(arm.entrance.clients[0]?.headers ?? {}).flatMap(([name, value]) => [
    '-H',
    `${name}: ${value}`,
  ])
  // -uniform: connections take turns; -r: the histogram's step, s.
  const pace = ['-qps', String(ratePerS), '-c', '32', '-uniform', '-t', `${seconds}s`, '-r', '0.000005']
  const url = `${arm.entrance.urls[0]}${arm.request.path}`
  const { stdout } = await run('fortio', ['load', '-quiet', '-json', '-', ...pace, ...headers, url])
  const { RetCodes: codes, DurationHistogram: histogram, ActualQPS: perS } = JSON.parse(stdout)
  if (Object.keys(codes).join() !== '200') throw new Error(`fortio was answered ${JSON.stringify(codes)}`)
  if (perS < ratePerS * 0.95) throw new Error(`fortio sent ${perS} a second`)
  const at = (percent: number): number => {
    const found = histogram.Percentiles.find(
      ({ Percentile }: { Percentile: number }) => Percentile === percent,
    )
    return found.Value * 1000
  }
  return { p50: at(50), p99: at(99) }
}

const range = (of: readonly number[]) => `${Math.min(...of).toFixed(2)}–${Math.max(...of).toFixed(2)} ms`

const { stdout } = await run('fortio', ['version'])
console.log(`fortio ${stdout.trim().split('\n')[0]}; ${turns} turns of ${seconds} s at ${ratePerS}/s`)
await using lab = await openLabBeside({ nodes: 3, users: 256 }, signal)
for (const name of ['baseline', ...lab.modes] as const) {
  const arm =
    name === 'baseline' ? baselineArm(lab, 'redis', 'proxy') : (await prepareArm(lab, name, settings)).arm
  await enterArm(lab, arm)
  await warmUp(lab, arm, { ...settings, warmUpMaxMs: 6_000 }, signal)
  const own: Turn[] = []
  const theirs: Turn[] = []
  for (let turn = 0; turn < turns; turn += 1) {
    if (turn % 2 === 0) own.push(await ours(lab, arm, turn))
    theirs.push(await fortio(arm))
    if (turn % 2 === 1) own.push(await ours(lab, arm, turn))
  }
  const by = (which: keyof Turn) =>
    ratio(own.map((turn, at) => turn[which] / (theirs[at]?.[which] ?? Number.NaN)))
  const p99 = [own, theirs].map((of) => range(of.map((turn) => turn.p99)))
  const p50 = [own, theirs].map((of) => range(of.map((turn) => turn.p50)))
  console.log(`${arm.name}: service p50 ours ÷ fortio ${by('p50')}, ${p50[0]} and ${p50[1]}`)
  console.log(`${arm.name}: service p99 ours ÷ fortio ${by('p99')}, ${p99[0]} and ${p99[1]}`)
}

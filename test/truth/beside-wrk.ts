/**
 * Puts our closed loop beside `wrk` at the same endpoint: one node, 32 connections, alternating pairs; throughput as
 * each client counts it, and the server's CPU per request as the server counts it.
 *
 *   npx node test/truth/beside-wrk.ts [pairs] [seconds]
 *
 * Not part of `npm test`: it needs wrk on the PATH and a quiet machine.
 */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { type Arm, baselineArm, prepareArm } from '#bench/experiment/costs/arms.ts'
import { BENCH_SETTINGS } from '#bench/experiment/costs/bench-settings.ts'
import { saturatedPlan } from '#bench/experiment/costs/load-plans.ts'
import { warmUp } from '#bench/experiment/costs/warm-up.ts'
import type { Lab } from '#bench/experiment/lab/lab.ts'
import { type LedgerSnapshot, ledgerBetween, takeSnapshot } from '#bench/measure/cpu-ledger.ts'
import { openLabBeside, ratio } from './beside.ts'

const run = promisify(execFile)
const pairs = Number(process.argv[2] ?? 8)
const seconds = Number(process.argv[3] ?? 3)
const signal = new AbortController().signal
const settings = {
  ...BENCH_SETTINGS,
  rounds: 8,
  via: 'nodes',
  connections: 32,
  users: 32,
  ratePerS: undefined,
  seed: 1,
  windowMs: seconds * 1000,
} as const

interface Reading {
  perSecond: number
  cpuUs: number
}

async function ours(lab: Lab, arm: Arm): Promise<Reading> {
  const edges: Promise<LedgerSnapshot>[] = []
  const onEdge = () => void edges.push(takeSnapshot(lab.ledger))
  const load = await lab.generator.run(saturatedPlan(arm, settings), { onEdge }, signal)
  const [start, end] = await Promise.all(edges)
  if (!start || !end) throw new Error('no edges')
  const ledger = ledgerBetween(start, end, load.edgesUs)
  return { perSecond: load.outcomes.ok / seconds, cpuUs: ledger.node.cpuUs / ledger.lookups }
}

async function wrk(lab: Lab, arm: Arm): Promise<Reading> {
  const headers = Object.entries(arm.saturated.clients[0]?.headers ?? {}).flatMap(([name, value]) => [
    '-H',
    `${name}: ${value}`,
  ])
  const url = `${arm.saturated.urls[0]}${arm.request.path}`
  const start = await takeSnapshot(lab.ledger)
  const { stdout } = await run('wrk', ['-t1', '-c32', `-d${seconds}s`, ...headers, url])
  const end = await takeSnapshot(lab.ledger)
  const before = start.nodes[0]
  const after = end.nodes[0]
  const perSecond = Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1])
  if (!before || !after || !Number.isFinite(perSecond) || /Non-2xx/.test(stdout)) throw new Error(stdout)
  const ledger = ledgerBetween(start, end, [before.atUs, after.atUs])
  return { perSecond, cpuUs: ledger.node.cpuUs / ledger.lookups }
}

await using lab = await openLabBeside({ nodes: 1, users: 100 }, signal)
const arms = [baselineArm(lab, 'redis', 'nodes'), ...(await prepared(lab))]
for (const arm of arms) {
  await warmUp(lab, arm, { ...settings, warmUpMaxMs: 6_000 }, signal)
  const throughput: number[] = []
  const cpu: number[] = []
  for (let pair = 0; pair < pairs; pair += 1) {
    const oursFirst = pair % 2 === 0
    const first = oursFirst ? await ours(lab, arm) : await wrk(lab, arm)
    const second = oursFirst ? await wrk(lab, arm) : await ours(lab, arm)
    const [own, theirs] = oursFirst ? [first, second] : [second, first]
    throughput.push(own.perSecond / theirs.perSecond)
    cpu.push(own.cpuUs / theirs.cpuUs)
    console.log(
      `${arm.name} pair ${pair + 1}: ours ${own.perSecond.toFixed(0)}/s ${own.cpuUs.toFixed(1)} µs, wrk ${theirs.perSecond.toFixed(0)}/s ${theirs.cpuUs.toFixed(1)} µs`,
    )
  }
  console.log(
    `${arm.name}: throughput ours ÷ wrk ${ratio(throughput)}; server CPU per request ours ÷ wrk ${ratio(cpu)}`,
  )
}

async function prepared(from: Lab): Promise<Arm[]> {
  const made: Arm[] = []
  for (const mode of from.modes) made.push((await prepareArm(from, mode, settings)).arm)
  return made
}

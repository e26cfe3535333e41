import type { LoadGenerator, LoadWindow } from '#bench/load/plan.ts'
import { checkGenerator } from '#bench/measure/generator-checks.ts'
import { mergeEncoded } from '#bench/measure/histogram.ts'
import { hodgesLehmann } from '#bench/statistics/hodges-lehmann.ts'
import { type ForeignCluster, foreignCluster } from '#cluster/attach/foreign-cluster.ts'
import type { ForeignBench, ForeignFigure } from '#contract/foreign.ts'
import type { Credential } from '#contract/node-admin.ts'
import { emptyOutcomeCounts, OUTCOMES, type OutcomeCounts } from '#contract/outcomes.ts'
import { openGenerator } from '../lab/open-generator.ts'
import type { Progress } from '../progress.ts'
import { untilInterrupted } from '../until-interrupted.ts'
import { foreignPlan } from './foreign-plan.ts'
import { nodesCpuUs } from './nodes-cpu.ts'
import { type ForeignRun, recordForeign } from './record-foreign.ts'
import { signInMany } from './sign-in.ts'
import { demandTelling } from './still-in.ts'

export interface ForeignBenchSettings {
  readonly ratePerS: number
  readonly rounds: number
  readonly windowMs: number
  readonly connections: number
}

/** Clients as many as connections, several times over, where the file has so many users. */
const USERS_PER_CONNECTION = 8
const LEAD_MS = 500

/** One window, and the CPU of all nodes between its edges. */
interface Taken {
  readonly load: LoadWindow
  readonly cpuUs: number | null
}

/** Lookups at one rate in an open loop, in rounds. */
export async function benchForeign(
  run: ForeignRun,
  settings: ForeignBenchSettings,
  progress: Progress,
  signal: AbortSignal,
): Promise<ForeignBench> {
  const { service } = run
  const { rounds, connections } = settings
  const cluster = foreignCluster(service)
  await using stack = new AsyncDisposableStack()
  const generator = await openGenerator(stack, signal)
  const users = Math.min(connections * USERS_PER_CONNECTION, service.users.length)
  progress.update(`${service.name}: ${users} logins`)
  const credentials = (await signInMany(service, users, 0, signal)).map(({ credential }) => credential)
  await demandTelling(service.target, credentials[0] as Credential)
  const taken: Taken[] = []
  await untilInterrupted(signal, async () => {
    for (let round = 1; round <= rounds; round += 1) {
      progress.update(`${service.name}: round ${round} of ${rounds}`)
      taken.push(await takeWindow(run, cluster, generator, credentials, settings, round, signal))
    }
  })
  if (taken.length === 0) signal.throwIfAborted()
  return await assemble(run, settings, users, taken, signal.aborted)
}

async function takeWindow(
  { service, seed }: ForeignRun,
  cluster: ForeignCluster,
  generator: LoadGenerator,
  credentials: readonly Credential[],
  settings: ForeignBenchSettings,
  round: number,
  signal: AbortSignal,
): Promise<Taken> {
  const plan = foreignPlan(service, credentials, settings, seed * 1_000 + round)
  const edges: Promise<number | null>[] = []
  const load = await generator.run(
    { ...plan, leadMs: LEAD_MS, windowMs: settings.windowMs, followCookies: true },
    { onEdge: () => void edges.push(nodesCpuUs(cluster)) },
    signal,
  )
  const [start = null, end = null] = await Promise.all(edges)
  return { load, cpuUs: start === null || end === null || end < start ? null : end - start }
}

async function assemble(
  run: ForeignRun,
  { ratePerS, windowMs, connections }: ForeignBenchSettings,
  users: number,
  taken: readonly Taken[],
  interrupted: boolean,
): Promise<ForeignBench> {
  const outcomes = sumOutcomes(taken.map(({ load }) => load.outcomes))
  const response = mergeEncoded(taken.map(({ load }) => load.responseUs))
  const each = (of: (one: Taken) => number | null): ForeignFigure | null => figure(taken.map(of))
  const checks = checkGenerator(taken.map(({ load }) => ({ arm: 'baseline', windowMs, load }))).map(
    // It names an arm, and there is but one.
    ({ name, ok, detail, voids }) => ({
      name,
      ok,
      voids,
      detail: detail.replace(/; the first that does not.*$/, ''),
    }),
  )
  const nodeCpuUs = each(({ load, cpuUs }) => ratio(cpuUs, answersBetweenEdges(load)))
  const leftOut = [
    'saturation, comparisons between modes, and the CPU of proxy and store, which want a cluster of stillin.',
    ...(nodeCpuUs === null
      ? ['CPU: not every node has a pid of a process on this host, a pidFile, or a command cpu.']
      : []),
  ]
  const figures = {
    kind: 'foreign-bench',
    ratePerS,
    rounds: taken.length,
    interrupted,
    windowMs,
    connections,
    users,
    outcomes,
    inPerS: each(({ load }) => load.outcomes.ok / (windowMs / 1_000)) ?? { value: 0, interval: null, n: 0 },
    responseP50Ms: each(({ load }) => load.responseMs.p50),
    serviceP50Ms: each(({ load }) => load.serviceMs.p50),
    responseP99Ms: response.percentileMs(99),
    bytesUp: each(({ load }) => ratio(load.bytesUp, load.sent)),
    bytesDown: each(({ load }) => ratio(load.bytesDown, answered(load.outcomes))),
    nodeCpuUs,
    responseUs: response.encode(),
    checks,
    valid: checks.every(({ ok, voids }) => ok || voids !== 'run'),
    latencyValid: checks.every(({ ok }) => ok),
  } as const
  return { ...(await recordForeign(run, leftOut)), ...figures, sentences: sentencesOf(figures) }
}

function sentencesOf({ outcomes, ratePerS }: Pick<ForeignBench, 'outcomes' | 'ratePerS'>): string[] {
  const { unexpected_401: out, wrong_user: wrong } = outcomes
  return [
    out > 0
      ? `At ${ratePerS} lookups a second ${out} with a live login were refused: requests met nodes that do not know it.`
      : '',
    wrong > 0 ? `${wrong} answers named somebody else.` : '',
  ].filter((text) => text !== '')
}

/** One value a round. */
function figure(values: readonly (number | null)[]): ForeignFigure | null {
  const known = values.filter((value) => value !== null && Number.isFinite(value))
  if (known.length === 0) return null
  const { estimate, interval } = hodgesLehmann(known as number[])
  return { value: estimate, interval, n: known.length }
}

function ratio(part: number | null, whole: number): number | null {
  return part === null || whole === 0 ? null : part / whole
}

/** What came back whole. */
function answered({
  ok,
  unexpected_401,
  wrong_user,
  '4xx': neither,
  '5xx': broken,
  '502_proxy': gateway,
  '503_store': store,
}: OutcomeCounts): number {
  return ok + unexpected_401 + wrong_user + neither + broken + gateway + store
}

function answersBetweenEdges({ completed }: LoadWindow): number {
  return answered(completed)
}

function sumOutcomes(all: readonly OutcomeCounts[]): OutcomeCounts {
  const sum = emptyOutcomeCounts()
  for (const counts of all) for (const outcome of OUTCOMES) sum[outcome] += counts[outcome]
  return sum
}

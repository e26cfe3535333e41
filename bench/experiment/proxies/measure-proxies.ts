import { checkGenerator } from '#bench/measure/generator-checks.ts'
import { checkHeadroom, readHeadroom } from '#bench/measure/headroom.ts'
import { checkAnswers, checkBalance } from '#bench/measure/server-checks.ts'
import { createRandom } from '#bench/workload/random.ts'
import type { ProxyEvidence, SelfCheck } from '#contract/result.ts'
import { type BenchSettings, EQUAL_RATE_SHARE, visitSeconds } from '../costs/bench-settings.ts'
import { hasSettled } from '../costs/warm-up.ts'
import { withoutVoidLatency } from '../costs/without-void-latency.ts'
import type { Lab } from '../lab/lab.ts'
import type { Schedule } from '../progress.ts'
import { untilInterrupted } from '../until-interrupted.ts'
import { compareProxies, TWICE } from './compare-proxies.ts'
import type { ProxyArm } from './proxy-arms.ts'
import { PROXY_READINGS, summariseProxy } from './proxy-metrics.ts'
import { type TakenProxyWindow, takeProxyWindow } from './take-proxy-window.ts'

const WARM_WINDOW_MS = 250

export interface MeasuredProxies {
  evidence: ProxyEvidence
  checks: readonly SelfCheck[]
  ratePerS: number
}

/** Warms every proxy, finds a rate that all can carry, and visits all of them in each round, in an order of its own. */
export async function measureProxies(
  lab: Lab,
  arms: readonly ProxyArm[],
  settings: BenchSettings,
  schedule: Schedule,
  signal: AbortSignal,
): Promise<MeasuredProxies> {
  const rates: number[] = []
  for (const arm of arms) {
    schedule.begin(`warming up: ${arm.name}`)
    rates.push(await warmUp(lab, arm, settings, signal))
    schedule.done(settings.warmUpMaxMs / 1000)
  }
  const ratePerS = settings.ratePerS ?? Number((EQUAL_RATE_SHARE * Math.min(...rates)).toPrecision(2))
  const taken: TakenProxyWindow[] = []
  await untilInterrupted(signal, () =>
    runRounds(lab, arms, { ...settings, ratePerS }, schedule, signal, taken),
  )
  const rows = taken.map(({ row }) => row)
  const checks = await checkProxies(lab, arms, taken, settings)
  return {
    evidence: {
      arms: arms.map((arm) => summariseProxy(arm, taken, checks)),
      ...withoutVoidLatency(
        compareProxies(
          rows,
          arms.map(({ name }) => name),
        ),
        checks,
        TWICE,
      ),
      windows: rows,
    },
    checks,
    ratePerS,
  }
}

async function runRounds(
  lab: Lab,
  arms: readonly ProxyArm[],
  settings: BenchSettings & { ratePerS: number },
  schedule: Schedule,
  signal: AbortSignal,
  taken: TakenProxyWindow[],
): Promise<void> {
  for (let round = 1; round <= settings.rounds; round += 1) {
    const visits = arms.flatMap((arm) => {
      const first = { arm, visit: 0 as 0 | 1 }
      return arm.name === TWICE ? [first, { arm, visit: 1 as const }] : [first]
    })
    for (const { arm, visit } of createRandom(settings.seed).fork(`round-${round}`).shuffle(visits)) {
      signal.throwIfAborted()
      schedule.begin(`round ${round} of ${settings.rounds}: ${arm.name}`)
      for (const point of ['saturated', 'equal-rate'] as const)
        taken.push(await takeProxyWindow(lab, arm, { round, visit, point }, settings, signal))
      schedule.done(visitSeconds(settings))
    }
  }
}

/** Until CPU per request has settled, or the time is up. @returns answers a second in the last window. */
async function warmUp(
  lab: Lab,
  arm: ProxyArm,
  settings: BenchSettings,
  signal: AbortSignal,
): Promise<number> {
  const quick = { ...settings, leadMs: 0, windowMs: WARM_WINDOW_MS, tailMs: 10, ratePerS: 0 }
  const place = { round: 0, visit: 0, point: 'saturated' } as const
  const deadlineMs = performance.now() + settings.warmUpMaxMs
  const costs: number[] = []
  for (;;) {
    const { row } = await takeProxyWindow(lab, arm, place, quick, signal)
    const rate = PROXY_READINGS.throughputPerS(row) ?? 0
    costs.push(PROXY_READINGS.proxyCpuUs(row) ?? 1_000_000 / Math.max(1, rate))
    if (hasSettled(costs) || performance.now() + WARM_WINDOW_MS > deadlineMs) return rate
  }
}

async function checkProxies(
  lab: Lab,
  arms: readonly ProxyArm[],
  taken: readonly TakenProxyWindow[],
  settings: BenchSettings,
): Promise<SelfCheck[]> {
  const windows = taken.map(({ row, load }) => ({ arm: row.arm, load, windowMs: settings.windowMs }))
  const nodeIds = lab.cluster.nodes().map(({ id }) => id)
  return [
    checkHeadroom(await readHeadroom(), settings.connections),
    ...checkGenerator(windows),
    ...arms.flatMap(({ name }) => {
      const own = windows.filter((window) => window.arm === name)
      return [checkAnswers(name, own), checkBalance(name, own, nodeIds)]
    }),
  ]
}

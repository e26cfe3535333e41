import type { LatencySummary } from '#bench/load/plan.ts'
import { formatCount } from '#bench/report/numbers.ts'
import { median } from '#bench/statistics/median.ts'
import { type K6Summary, runK6Lookups } from '#cluster/k6/run-k6.ts'
import { MODES, type ModeName } from '#contract/modes.ts'
import type { SelfCheck } from '#contract/result.ts'
import type { Lab } from '../lab/lab.ts'
import type { Schedule } from '../progress.ts'
import { type ArmSettings, prepareArm } from './arms.ts'
import type { BenchSettings } from './bench-settings.ts'
import { equalRatePlan } from './load-plans.ts'

/** Each generator takes its turn so often, one after the other. */
const TURNS = 5
const SECONDS = 4
/** k6 logs its users in first. */
const K6_TIMEOUT_MS = 60_000
/** How far the two medians may lie apart. */
const TOLERANCE = 0.15
const LEAST_CHECKS = 0.999

/** Both generators on one arm: a value a turn. */
export interface Beside {
  open: readonly { p50: number | null; p99: number | null }[]
  k6: readonly K6Summary[]
}

/** Puts k6 beside the open loop: the same lookups at the same rate through the proxy, in turns. */
export async function besideK6(
  lab: Lab,
  k6: string,
  modes: readonly ModeName[],
  settings: BenchSettings & ArmSettings & { ratePerS: number },
  schedule: Schedule,
  signal: AbortSignal,
): Promise<SelfCheck[]> {
  const checks: SelfCheck[] = []
  // Where lookups are refused by chance, k6's median is over refusals too.
  for (const mode of modes.filter((name) => MODES[name].expected.lookup.live === 'accept')) {
    schedule.begin(`k6 beside the open loop: ${mode}`)
    const { arm } = await prepareArm(lab, mode, { ...settings, via: 'proxy', mix: undefined })
    const plan = { ...settings, windowMs: SECONDS * 1000 }
    const open: LatencySummary[] = []
    const summaries: K6Summary[] = []
    for (let turn = 1; turn <= TURNS; turn += 1) {
      signal.throwIfAborted()
      const window = await lab.generator.run(equalRatePlan(arm, plan, turn), {}, signal)
      open.push(window.serviceMs)
      const variables = {
        STILLIN_URL: lab.cluster.proxy.url,
        STILLIN_MODE: mode,
        STILLIN_RATE: String(settings.ratePerS),
        STILLIN_TIME: `${SECONDS}s`,
      }
      summaries.push(await runK6Lookups(k6, variables, { timeoutMs: K6_TIMEOUT_MS, signal }))
    }
    checks.push(checkBeside(mode, settings.ratePerS, { open, k6: summaries }))
  }
  return checks
}

/** Do the two generators say the same of one arm? Says what each saw either way. */
export function checkBeside(mode: ModeName, ratePerS: number, { open, k6 }: Beside): SelfCheck {
  const ours = median(open.flatMap(({ p50 }) => p50 ?? []))
  const theirs = median(k6.flatMap(({ serviceP50Ms }) => serviceP50Ms ?? []))
  const dropped = k6.reduce((sum, one) => sum + one.dropped, 0)
  const checks = Math.min(1, ...k6.map((one) => one.checks))
  const apart = Math.abs(theirs / ours - 1)
  const figures = `service p50 at ${formatCount(ratePerS)}/s: k6 ${inMs(theirs)}, open loop ${inMs(ours)}; ${tails(open, k6)}`
  const verdict =
    dropped > 0
      ? `k6 dropped ${dropped} iterations, which voids its latency`
      : checks < LEAST_CHECKS
        ? `${(100 * checks).toFixed(2)} % of k6's checks held`
        : Number.isNaN(apart)
          ? 'nothing to compare'
          : `${(100 * apart).toFixed(0)} % apart; at most 15 % may be`
  return {
    name: 'k6 says the same',
    arm: mode,
    ok: dropped === 0 && checks >= LEAST_CHECKS && apart <= TOLERANCE,
    detail: `${figures}; ${verdict}`,
    voids: 'nothing',
  }
}

/** A generator that saw no accepted lookup has no median. */
function inMs(ms: number): string {
  return Number.isNaN(ms) ? 'none' : `${ms.toFixed(3)} ms`
}

/** Between which p99 both saw, over their turns. Said and not judged: on a shared machine k6 takes CPU that the open loop does not. */
function tails(open: Beside['open'], k6: Beside['k6']): string {
  const ours = open.flatMap(({ p99 }) => p99 ?? [])
  const theirs = k6.flatMap(({ serviceP99Ms }) => serviceP99Ms ?? [])
  if (ours.length === 0 || theirs.length === 0) return 'p99 not known'
  const overlap = Math.min(...ours) <= Math.max(...theirs) && Math.min(...theirs) <= Math.max(...ours)
  const range = (of: readonly number[]) => `${Math.min(...of).toFixed(2)}–${Math.max(...of).toFixed(2)} ms`
  return `p99 ${range(theirs)} and ${range(ours)}, which ${overlap ? 'overlap' : 'do not overlap'}`
}

/** One sentence a mode, since checks that hold are not printed. */
export function besideSentences(checks: readonly SelfCheck[]): string[] {
  return checks.map(
    ({ arm, detail, ok }) =>
      `k6 ${ok ? 'agrees with' : 'does NOT agree with'} the open loop, ${arm}: ${detail}.`,
  )
}

import type { ModeName } from '#contract/modes.ts'
import type {
  ArmResult,
  Comparison,
  NoiseFloor,
  RenewalEvidence,
  SelfCheck,
  WindowRow,
} from '#contract/result.ts'
import type { LabSeat } from '../lab/lab-seat.ts'
import type { Schedule } from '../progress.ts'
import { type MeasuredRefreshes, measureRefreshes } from '../renewals/measure-refreshes.ts'
import { renewedArms, rollingAnyway } from '../renewals/renewed-modes.ts'
import { untilInterrupted } from '../until-interrupted.ts'
import { summariseArm } from './arm-result.ts'
import type { BenchSettings } from './bench-settings.ts'
import { checkPower } from './check-power.ts'
import { checkWindows } from './check-windows.ts'
import { compareArms, countComparisons } from './compare-arms.ts'
import { checkCpuTotals, readCpuTotals } from './cpu-totals.ts'
import { meaningfulModes, prepareArms } from './prepare-arms.ts'
import { runRounds, type Stretch, stretchesOf } from './rounds.ts'
import { checkSaturation } from './saturation.ts'
import type { TakenWindow } from './take-window.ts'
import { withoutVoidLatency } from './without-void-latency.ts'

/** What a comparison of costs leaves behind. */
export interface CostEvidence {
  arms: readonly ArmResult[]
  comparisons: readonly Comparison[]
  noise: readonly NoiseFloor[]
  windows: readonly WindowRow[]
  checks: readonly SelfCheck[]
  ratePerS: number
  /** Where refreshes were measured. */
  renewals?: RenewalEvidence
  leftOut: readonly string[]
}

type CostSettings = BenchSettings & { users: number }

/**
 * Logs users in under every mode, warms everything up, and compares in paired rounds; where the stack is to be started
 * anew, each start takes its share of the rounds, all at the rate that the first one found.
 */
export async function measureCosts(
  seat: LabSeat,
  modes: readonly ModeName[],
  settings: CostSettings,
  schedule: Schedule,
  signal: AbortSignal,
): Promise<CostEvidence> {
  const { measured, leftOut } = await meaningfulModes(seat.lab, modes, settings)
  const { renewals = [seat.lab.renewal] } = settings
  const names = renewedArms(measured, renewals)
  // It would change where a cluster of somebody else's keeps refresh tokens.
  const canRefresh = renewals.includes('pair') && seat.lab.options.cluster === undefined
  const refreshes = canRefresh ? measureRefreshes(seat.lab, measured, settings) : undefined
  const taken: TakenWindow[] = []
  const checks: SelfCheck[] = []
  let ratePerS = settings.ratePerS
  for (const stretch of stretchesOf(settings.rounds, settings.stacks ?? 1)) {
    const step = async () => {
      const rates = { ...settings, ratePerS }
      const done = await measureStretch(seat, measured, rates, stretch, schedule, signal, taken, refreshes)
      ratePerS = done.ratePerS
      checks.push(...done.checks)
    }
    // Before there is anything to keep, an interruption is thrown.
    await (taken.length > 0 ? untilInterrupted(signal, step) : step())
    if (signal.aborted) break
  }
  const windows = taken.map(({ row }) => row)
  const nodeIds = seat.lab.cluster.nodes().map((node) => node.id)
  checks.push(
    checkPower(settings.rounds, countComparisons(names)),
    ...(await checkWindows(taken, settings, nodeIds)),
    ...checkSaturation(windows, ['baseline', ...names]),
    ...(refreshes?.checks() ?? []),
  )
  return {
    arms: (['baseline', ...names] as const).map((arm) => summariseArm(arm, taken, checks)),
    ...withoutVoidLatency(compareArms(windows, names), checks),
    windows,
    checks,
    ratePerS: ratePerS ?? 0,
    ...(refreshes && { renewals: refreshes.evidence() }),
    leftOut: [...leftOut, ...(refreshes?.leftOut ?? []), ...rollingAnyway(measured, renewals)],
  }
}

/** The rounds of one start of the stack. */
async function measureStretch(
  seat: LabSeat,
  modes: readonly ModeName[],
  settings: CostSettings,
  stretch: Stretch,
  schedule: Schedule,
  signal: AbortSignal,
  taken: TakenWindow[],
  refreshes: MeasuredRefreshes | undefined,
): Promise<{ ratePerS: number; checks: readonly SelfCheck[] }> {
  if (stretch.stack > 1) schedule.begin(`starting the stack anew (${stretch.stack} of ${settings.stacks})`)
  const lab = stretch.stack > 1 ? await seat.restart() : seat.lab
  const { arms, canaries, ratePerS, preload } = await prepareArms(lab, modes, settings, schedule, signal)
  const before = await readCpuTotals(lab)
  await untilInterrupted(signal, () =>
    runRounds(
      lab,
      arms,
      { ...settings, ratePerS },
      stretch,
      schedule,
      signal,
      taken,
      refreshes?.visits(lab, signal),
    ),
  )
  const totals = checkCpuTotals(before, await readCpuTotals(lab))
  // Nobody believes the figures of a run that was cut short: it is not counted again.
  const filled = signal.aborted ? [] : await preload.checks(signal)
  return { ratePerS, checks: [...canaries, ...filled, totals] }
}

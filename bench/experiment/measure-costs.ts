import { EXIT, StillinError } from '#contract/errors.ts'
import type { ModeName } from '#contract/modes.ts'
import type { ArmResult, Comparison, NoiseFloor, SelfCheck, WindowRow } from '#contract/result.ts'
import { summariseArm } from './arm-result.ts'
import { type Arm, baselineArm, prepareArm } from './arms.ts'
import { type BenchSettings, EQUAL_RATE_SHARE } from './bench-settings.ts'
import { checkPower } from './check-power.ts'
import { checkWindows } from './check-windows.ts'
import { compareArms, countComparisons } from './compare-arms.ts'
import type { Lab } from './lab.ts'
import type { Schedule } from './progress.ts'
import { runRounds } from './rounds.ts'
import type { TakenWindow } from './take-window.ts'
import { untilInterrupted } from './until-interrupted.ts'
import { probeRate, warmUp } from './warm-up.ts'

/** What a comparison of costs leaves behind. */
export interface CostEvidence {
  arms: readonly ArmResult[]
  comparisons: readonly Comparison[]
  noise: readonly NoiseFloor[]
  windows: readonly WindowRow[]
  checks: readonly SelfCheck[]
  ratePerS: number
  leftOut: readonly string[]
}

/** Logs users in under every mode, warms everything up, and compares in paired rounds. */
export async function measureCosts(
  lab: Lab,
  modes: readonly ModeName[],
  settings: BenchSettings & { users: number },
  schedule: Schedule,
  signal: AbortSignal,
): Promise<CostEvidence> {
  const { measured, leftOut } = meaningfulModes(modes, settings.via, lab.cluster.nodes().length)
  schedule.begin('logging users in')
  const [firstMode] = measured
  if (firstMode === undefined)
    throw new StillinError('no mode is left to measure', { exitCode: EXIT.usage, hint: leftOut.join(' ') })
  const arms: Arm[] = [baselineArm(lab, firstMode, settings.via)]
  const canaries: SelfCheck[] = []
  for (const mode of measured) {
    const prepared = await prepareArm(lab, mode, settings)
    arms.push(prepared.arm)
    canaries.push(prepared.canaries)
  }
  const ratePerS = await findRate(lab, arms, settings, schedule, signal)
  const taken: TakenWindow[] = []
  await untilInterrupted(signal, () =>
    runRounds(lab, arms, { ...settings, ratePerS }, schedule, signal, taken),
  )
  const nodeIds = lab.cluster.nodes().map((node) => node.id)
  const checks = [
    ...canaries,
    checkPower(settings.rounds, countComparisons(measured)),
    ...(await checkWindows(taken, settings, nodeIds)),
  ]
  const windows = taken.map(({ row }) => row)
  return {
    arms: arms.map((arm) => summariseArm(arm.name, taken, checks)),
    ...compareArms(windows, measured),
    windows,
    checks,
    ratePerS,
    leftOut,
  }
}

/** Without the proxy nobody leads a user back to the node that knows them: then sticky is local by another name. */
function meaningfulModes(modes: readonly ModeName[], via: 'proxy' | 'nodes', nodeCount: number) {
  const hasNoMeaning = (mode: ModeName) => via === 'nodes' && mode === 'sticky' && nodeCount > 1
  return {
    measured: modes.filter((mode) => !hasNoMeaning(mode)),
    leftOut: modes
      .filter(hasNoMeaning)
      .map(
        (mode) => `${mode}: left out, because affinity is the proxy's work and --via nodes goes around it`,
      ),
  }
}

/** Warms every arm up; the slowest at the entrance sets the rate that all of them share. */
async function findRate(
  lab: Lab,
  arms: readonly Arm[],
  settings: BenchSettings,
  schedule: Schedule,
  signal: AbortSignal,
): Promise<number> {
  for (const arm of arms) {
    signal.throwIfAborted()
    schedule.begin(`warming up: ${arm.name}`)
    await warmUp(lab, arm, settings, signal)
    schedule.done(settings.warmUpMaxMs / 1000)
  }
  const rates: number[] = []
  for (const arm of arms) rates.push(await probeRate(lab, arm, settings, signal))
  return settings.ratePerS ?? roundRate(EQUAL_RATE_SHARE * Math.min(...rates))
}

/** Two significant digits: a rate that people can name. */
function roundRate(ratePerS: number): number {
  return Math.max(10, Number(ratePerS.toPrecision(2)))
}

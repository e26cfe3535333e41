import { availableParallelism } from 'node:os'
import { EXIT, StillinError } from '#contract/errors.ts'
import { MODES, type ModeName } from '#contract/modes.ts'
import type { SelfCheck } from '#contract/result.ts'
import type { Lab } from '../lab/lab.ts'
import { openPreload, type Preload } from '../lab/preload.ts'
import { modesThatCarry } from '../payload/payload.ts'
import type { Schedule } from '../progress.ts'
import { renewalOf, renewedModes } from '../renewals/renewed-modes.ts'
import { type Arm, baselineArm, prepareArm } from './arms.ts'
import { type BenchSettings, EQUAL_RATE_MAX_PER_S, EQUAL_RATE_SHARE } from './bench-settings.ts'
import { mixedCapacity } from './mixed-requests.ts'
import { probeRate, warmUp } from './warm-up.ts'

/** Arms that are logged in and warm, and the rate that all of them share at the entrance. */
export interface PreparedArms {
  arms: readonly Arm[]
  canaries: readonly SelfCheck[]
  ratePerS: number
  /** The live sessions beside those of the arms. */
  preload: Preload
}

/** The modes whose measurement means something under these settings, and why others are left out. */
export async function meaningfulModes(
  lab: Lab,
  modes: readonly ModeName[],
  settings: BenchSettings,
): Promise<{ measured: readonly ModeName[]; leftOut: readonly string[] }> {
  // Without the proxy nobody leads a user back to the node that knows them: then sticky is local by another name.
  const hasNoMeaning = (mode: ModeName) =>
    settings.via === 'nodes' && mode === 'sticky' && lab.cluster.nodes().length > 1
  const isRefused = (mode: ModeName) =>
    (settings.mix?.refresh ?? 0) > 0 &&
    MODES[mode].expected.lookup.live === 'by-chance' &&
    lab.cluster.nodes().length > 1
  const carried = await modesThatCarry(
    lab,
    modes.filter((mode) => !hasNoMeaning(mode) && !isRefused(mode)),
    settings.payloadBytes ?? 0,
  )
  const leftOut = [
    ...modes
      .filter(hasNoMeaning)
      .map(
        (mode) => `${mode}: left out, because affinity is the proxy's work and --via nodes goes around it`,
      ),
    ...modes
      .filter(isRefused)
      .map(
        (mode) => `${mode}: left out, because a refresh that meets another node than its login's is refused`,
      ),
    ...carried.leftOut,
  ]
  if (carried.measured.length === 0)
    throw new StillinError('no mode is left to measure', { exitCode: EXIT.usage, hint: leftOut.join(' ') })
  return { measured: carried.measured, leftOut }
}

/** Logs users in under every mode, warms everything up, and finds the rate where none is given. */
export async function prepareArms(
  lab: Lab,
  modes: readonly ModeName[],
  settings: BenchSettings & { users: number },
  schedule: Schedule,
  signal: AbortSignal,
): Promise<PreparedArms> {
  const [first] = modes
  if (first === undefined) throw new Error('there is no mode to prepare')
  schedule.begin('logging users in')
  const { sessions = 0, payloadBytes = 0 } = settings
  const { renewals = [lab.renewal] } = settings
  const preload = openPreload(lab, { sessions, payloadBytes }, settings.users)
  const arms: Arm[] = [baselineArm(lab, first, settings.via, renewalOf('fixed', renewals))]
  const canaries: SelfCheck[] = []
  for (const { mode, renewal } of renewedModes(modes, renewals)) {
    signal.throwIfAborted()
    await preload.fill(mode, schedule, signal)
    const prepared = await prepareArm(lab, mode, settings, renewalOf(renewal, renewals))
    arms.push(prepared.arm)
    canaries.push(prepared.canaries)
  }
  for (const arm of arms) {
    signal.throwIfAborted()
    schedule.begin(`warming up: ${arm.name}`)
    await warmUp(lab, arm, settings, signal)
    schedule.done(settings.warmUpMaxMs / 1000)
  }
  const ratePerS = settings.ratePerS ?? (await findRate(lab, arms, settings, signal))
  return { arms, canaries, ratePerS, preload }
}

/** A share of what the slowest arm carries at the entrance. */
async function findRate(
  lab: Lab,
  arms: readonly Arm[],
  settings: BenchSettings,
  signal: AbortSignal,
): Promise<number> {
  const rates: number[] = []
  for (const arm of arms) rates.push(await probeRate(lab, arm, settings, signal))
  const slowest = mixedCapacity(Math.min(...rates), settings.mix, availableParallelism())
  return roundRate(Math.min(EQUAL_RATE_SHARE * slowest, EQUAL_RATE_MAX_PER_S))
}

/** Two significant digits: a rate that people can name. */
function roundRate(ratePerS: number): number {
  return Math.max(10, Number(ratePerS.toPrecision(2)))
}

import { createRandom } from '#bench/workload/random.ts'
import type { ModeName } from '#contract/modes.ts'
import type { SelfCheck } from '#contract/result.ts'
import { type Arm, enterArm, isAgeing, prepareArm } from '../../costs/arms.ts'
import type { BenchSettings } from '../../costs/bench-settings.ts'
import { type TakenWindow, takeWindow } from '../../costs/take-window.ts'
import { warmUp } from '../../costs/warm-up.ts'
import type { Lab } from '../../lab/lab.ts'
import { openPreload } from '../../lab/preload.ts'
import type { Schedule } from '../../progress.ts'
import type { PlannedLoad } from './planned-load.ts'

export type CheckSettings = BenchSettings & { users: number }

/** A window of one load. */
export type TakenLoad = TakenWindow & { planned: PlannedLoad }

/** Switching, connecting and reading counters, for the estimate of the time left. */
const OVERHEAD_S = 0.25

/** Planned seconds of one window. */
export function visitSeconds({ leadMs, windowMs, tailMs }: CheckSettings): number {
  return (leadMs + windowMs + tailMs) / 1000 + OVERHEAD_S
}

/** Logs users in under every mode of the lab, and warms it up. */
export async function prepareModes(
  lab: Lab,
  settings: CheckSettings,
  schedule: Schedule,
  signal: AbortSignal,
) {
  const { sessions = 0, payloadBytes = 0 } = settings
  const preload = openPreload(lab, { sessions, payloadBytes }, settings.users)
  const arms = new Map<ModeName, Arm>()
  const canaries: SelfCheck[] = []
  for (const mode of lab.modes) {
    signal.throwIfAborted()
    schedule.begin(`warming up: ${mode}`)
    await preload.fill(mode, schedule, signal)
    const prepared = await prepareArm(lab, mode, settings)
    arms.set(mode, prepared.arm)
    canaries.push(prepared.canaries)
    await warmUp(lab, prepared.arm, settings, signal)
    schedule.done(settings.warmUpMaxMs / 1000)
  }
  return { arms, canaries, preload }
}

/**
 * Every round visits every load once, in an order of its own.
 * @param taken receives each window as it is done, so that an interrupted check keeps those before.
 */
export async function driveLoads(
  lab: Lab,
  arms: Map<ModeName, Arm>,
  loads: readonly PlannedLoad[],
  settings: CheckSettings,
  schedule: Schedule,
  signal: AbortSignal,
  taken: TakenLoad[],
): Promise<void> {
  for (let round = 1; round <= settings.rounds; round += 1) {
    for (const load of createRandom(settings.seed).fork(`round-${round}`).shuffle(loads)) {
      signal.throwIfAborted()
      const { mode, share, ratePerS } = load
      schedule.begin(`round ${round} of ${settings.rounds}: ${mode} at ${100 * share} %`)
      const present = arms.get(mode)
      if (!present) throw new Error(`${mode} was not prepared`)
      const arm = isAgeing(present, performance.now()) ? (await prepareArm(lab, mode, settings)).arm : present
      arms.set(mode, arm)
      await enterArm(lab, arm)
      const place = { round, visit: 0 } as const
      const window = await takeWindow(lab, arm, 'equal-rate', place, { ...settings, ratePerS }, signal)
      taken.push({ ...window, planned: load })
      schedule.done(visitSeconds(settings))
    }
  }
}

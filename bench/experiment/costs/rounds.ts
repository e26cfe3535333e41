import { createRandom } from '#bench/workload/random.ts'
import type { Lab } from '../lab/lab.ts'
import type { Schedule } from '../progress.ts'
import { type Arm, enterArm, isAgeing, prepareArm } from './arms.ts'
import { type BenchSettings, visitSeconds } from './bench-settings.ts'
import { type TakenWindow, takeWindow, type WindowPlace } from './take-window.ts'

/** One arm at one place of a round's order; the baseline comes twice a round. */
interface Visit {
  arm: Arm
  visit: 0 | 1
}

/** What is visited once a round beside the arms, and measured in its own way. */
export interface SideVisit {
  readonly name: string
  /** Planned seconds. */
  readonly seconds: number
  take(round: number): Promise<void>
}

/** The rounds that one start of the stack takes. */
export interface Stretch {
  /** From 1. */
  stack: number
  firstRound: number
  lastRound: number
  /** How often the stack is started in all. */
  of: number
}

/** Shares the rounds out as evenly as they go; more stacks than rounds are not started. */
export function stretchesOf(rounds: number, stacks: number): readonly Stretch[] {
  const of = Math.min(rounds, stacks)
  return Array.from({ length: of }, (_, index) => ({
    stack: index + 1,
    firstRound: Math.floor((rounds * index) / of) + 1,
    lastRound: Math.floor((rounds * (index + 1)) / of),
    of,
  }))
}

/**
 * Every round visits every arm in an order of its own (seeded), the baseline twice: what the two visits differ by is
 * what this machine cannot tell apart. Each visit takes a closed-loop window at one node and an open-loop window at
 * the entrance.
 * @param taken receives each window as it is done, so that an interrupted run keeps those before.
 */
export async function runRounds(
  lab: Lab,
  prepared: readonly Arm[],
  settings: BenchSettings & { ratePerS: number; users: number },
  { stack, firstRound, lastRound, of }: Stretch,
  schedule: Schedule,
  signal: AbortSignal,
  taken: TakenWindow[],
  beside: readonly SideVisit[] = [],
): Promise<void> {
  let arms = prepared
  for (let round = firstRound; round <= lastRound; round += 1) {
    const random = createRandom(settings.seed).fork(`round-${round}`)
    arms = await renewLogins(lab, arms, settings)
    for (const next of random.shuffle<Visit | SideVisit>([...visitsOf(arms), ...beside])) {
      signal.throwIfAborted()
      if ('take' in next) {
        schedule.begin(`round ${round} of ${settings.rounds}: ${next.name}`)
        await next.take(round)
        schedule.done(next.seconds)
        continue
      }
      const { arm, visit } = next
      schedule.begin(`round ${round} of ${settings.rounds}: ${arm.name}`)
      await enterArm(lab, arm)
      const place: WindowPlace = { round, visit, ...(of > 1 ? { stack } : {}) }
      taken.push(await takeWindow(lab, arm, 'saturated', place, settings, signal))
      taken.push(await takeWindow(lab, arm, 'equal-rate', place, settings, signal))
      schedule.done(visitSeconds(settings))
    }
  }
}

/** Logins that could expire within the next round are made anew, outside any window. */
async function renewLogins(
  lab: Lab,
  arms: readonly Arm[],
  settings: BenchSettings & { users: number },
): Promise<Arm[]> {
  const renewed: Arm[] = []
  for (const arm of arms) {
    const ageing = isAgeing(arm, performance.now())
    renewed.push(ageing ? (await prepareArm(lab, arm.mode, settings, arm.renewal)).arm : arm)
  }
  return renewed
}

function visitsOf(arms: readonly Arm[]): Visit[] {
  return arms.flatMap((arm): Visit[] =>
    arm.name === 'baseline'
      ? [
          { arm, visit: 0 },
          { arm, visit: 1 },
        ]
      : [{ arm, visit: 0 }],
  )
}

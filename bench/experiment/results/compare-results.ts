import { hodgesLehmann } from '#bench/statistics/hodges-lehmann.ts'
import { shiftBetween } from '#bench/statistics/rank-sum.ts'
import type { ResultDifference } from '#contract/difference.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import type { ArmName } from '#contract/modes.ts'
import type { Point, RunResult } from '#contract/result.ts'
import { perRound, READINGS } from '../costs/arm-metrics.ts'

type Compared = keyof typeof READINGS

/** What is put side by side, in the order of the table. */
export const COMPARED: readonly (readonly [Compared, Point])[] = [
  ['nodeCpuUs', 'saturated'],
  ['serverCpuUs', 'saturated'],
  ['throughputPerS', 'saturated'],
  ['nodeCpuUs', 'equal-rate'],
  ['proxyCpuUs', 'equal-rate'],
  ['serverCpuUs', 'equal-rate'],
  ['responseP50Ms', 'equal-rate'],
]

/** A difference below this is never claimed: layouts of memory and code alone move figures by that much. */
const SMALLEST_CLAIM = 0.03

/**
 * Puts the rounds of two runs side by side, arm by arm.
 * Rounds of different runs are not paired: what drifted on the machine between the two is in the difference.
 * @throws StillinError where the two cannot be compared at all (unless `force`), or one of them is not valid.
 */
export function compareResults(
  a: RunResult,
  b: RunResult,
  force = false,
): { differences: ResultDifference[]; warnings: string[] } {
  const incomparable = [...invalid(a), ...invalid(b), ...differing(a, b, DECISIVE)]
  if (incomparable.length > 0 && !force) {
    throw new StillinError(`these two cannot be compared: ${incomparable.join('; ')}`, {
      exitCode: EXIT.invalid,
      hint: 'With --force they are put side by side all the same.',
    })
  }
  const arms = a.arms.map(({ arm }) => arm).filter((arm) => b.arms.some((other) => other.arm === arm))
  return {
    differences: arms.flatMap((arm) => COMPARED.flatMap((what) => differ(a, b, arm, ...what))),
    warnings: [...incomparable, ...differing(a, b, TELLING)],
  }
}

function differ(
  a: RunResult,
  b: RunResult,
  arm: ArmName,
  metric: Compared,
  point: Point,
): ResultDifference[] {
  // At another rate a request costs something else: that is no difference between the two programs.
  if (point === 'equal-rate' && a.configuration.ratePerS !== b.configuration.ratePerS) return []
  const [before, after] = [a, b].map((result) =>
    perRound(
      result.windows.filter((row) => row.arm === arm),
      READINGS[metric],
      point,
    ).filter((value) => value > 0),
  )
  if (!before?.length || !after?.length) return []
  const shift = shiftBetween(before.map(Math.log), after.map(Math.log))
  const ratio = Math.exp(shift.estimate)
  const interval = shift.interval && ([Math.exp(shift.interval[0]), Math.exp(shift.interval[1])] as const)
  const floor = Math.max(SMALLEST_CLAIM, noiseOf(a, metric, point), noiseOf(b, metric, point))
  const leavesOutOne = interval !== null && (interval[0] > 1 || interval[1] < 1)
  const values = { a: hodgesLehmann(before).estimate, b: hodgesLehmann(after).estimate }
  return [
    { arm, metric, point, ...values, ratio, interval, claimed: leavesOutOne && Math.abs(ratio - 1) > floor },
  ]
}

/** Half the width of what a run's baseline differed from itself; 0 where that was not measured. */
function noiseOf(result: RunResult, metric: string, point: Point): number {
  const floor = result.noise.find((one) => one.metric === metric && one.point === point)
  return floor ? (floor.interval[1] - floor.interval[0]) / 2 : 0
}

type Trait = readonly [name: string, of: (result: RunResult) => unknown]

/** Where these differ, a difference of figures says nothing of the program. */
const DECISIVE: readonly Trait[] = [
  ['CPU', ({ environment }) => environment.cpuModel],
  ['cores', ({ environment }) => environment.cores],
  ['nodes', ({ configuration }) => configuration.nodes],
  ['entrance', ({ configuration }) => configuration.via],
  ['connections', ({ configuration }) => configuration.connections],
  ['payload', ({ configuration }) => configuration.payloadBytes ?? 0],
  ['delay before Redis', ({ configuration }) => configuration.redisRttMs ?? 'no relay'],
  ['live sessions', ({ configuration }) => configuration.sessions ?? 0],
  ['mix', ({ configuration }) => JSON.stringify(configuration.mix ?? 'lookups')],
]

/** Where these differ, the reader should know. */
const TELLING: readonly Trait[] = [
  ['equal rate (nothing at it is compared)', ({ configuration }) => configuration.ratePerS],
  ['forwarder', ({ configuration }) => configuration.forwarder],
  ['window', ({ configuration }) => configuration.windowMs],
  ['token algorithm', ({ configuration }) => configuration.jwtAlgorithm],
  ['session reader', ({ configuration }) => configuration.sessionReader ?? 'fastify-session'],
  ['token verifier', ({ configuration }) => configuration.jwtVerifier],
  ['plant', ({ configuration }) => configuration.plant],
  ['Node', ({ environment }) => environment.node],
  ['kernel', ({ environment }) => environment.kernel],
  ['packages', ({ environment }) => environment.lockfileSha256.slice(0, 12)],
  ['Redis', ({ environment }) => environment.redis?.version ?? 'none'],
  ['central store', ({ configuration }) => configuration.store ?? 'redis'],
]

function differing(a: RunResult, b: RunResult, traits: readonly Trait[]): string[] {
  return traits
    .filter(([, of]) => of(a) !== of(b))
    .map(([name, of]) => `${name}: ${String(of(a))} and ${String(of(b))}`)
}

function invalid(result: RunResult): string[] {
  return result.valid ? [] : [`${result.id} is not valid`]
}

import type { ResultDifference } from '#contract/difference.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import type { ArmName } from '#contract/modes.ts'
import type { Point, RunResult } from '#contract/result.ts'
import { READINGS } from '../costs/arm-metrics.ts'
import { noiseOf, SMALLEST_CLAIM, unpairedRatio } from './unpaired.ts'

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
  const [before, after] = [a, b].map(({ windows }) => windows.filter((row) => row.arm === arm))
  const found = unpairedRatio(before ?? [], after ?? [], READINGS[metric], point)
  if (!found) return []
  const { ratio, interval } = found
  const floor = Math.max(SMALLEST_CLAIM, ...[a, b].map(({ noise }) => noiseOf(noise, metric, point)))
  const leavesOutOne = interval !== null && (interval[0] > 1 || interval[1] < 1)
  const claimed = leavesOutOne && Math.abs(ratio - 1) > floor
  return [{ arm, metric, point, a: found.a.value, b: found.b.value, ratio, interval, claimed }]
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

import { compareArms, LEVEL, noiseFloor, type Pair } from './verdict.ts'

/** One figure in one round: of the arm under test, and of three or more visits of an arm without any change. */
export interface DetectionRound {
  tested: number
  plain: readonly number[]
}

/** Seeded choices. */
export interface Draws {
  shuffle<T>(values: readonly T[]): T[]
}

/**
 * Would a comparison of these rounds claim a difference? By the rule that every comparison follows: two visits of the
 * plain arm are the baseline and the noise floor, the p is corrected for a family of `comparisons`.
 * @param equal a plain visit beyond the two, counted from 0, is tested in place of the arm: every claim is a false
 *   alarm; undefined: the arm itself.
 */
export function isCalledDifferent(
  rounds: readonly DetectionRound[],
  comparisons: number,
  draws: Draws,
  equal: number | undefined,
): boolean {
  // Which visit plays which part is drawn, so that no place in the order is always the baseline.
  const parts = rounds.map(({ tested, plain }) => {
    const [first = 0, second = 0, ...others] = draws.shuffle(plain)
    return { arm: equal === undefined ? tested : (others[equal] ?? 0), first, second }
  })
  const pairs = parts.map(({ arm, first, second }): Pair => ({ arm, against: (first + second) / 2 }))
  const floor = noiseFloor(
    parts.map(({ first, second }): Pair => ({ arm: second, against: first })),
    'nodeCpuUs',
    'saturated',
  )
  const [verdict] = compareArms<string>(
    [{ arm: 'tested', against: 'plain', pairs }],
    'nodeCpuUs',
    'saturated',
    floor,
  )
  return verdict?.claimed === true && verdict.p * comparisons < LEVEL
}

/** The share of draws of so many rounds, without replacement, in which a difference is claimed. */
export function detectionShare(
  rounds: readonly DetectionRound[],
  options: { rounds: number; comparisons: number; draws: number; equal: boolean },
  random: Draws,
): number {
  let claims = 0
  for (let draw = 0; draw < options.draws; draw += 1) {
    const drawn = random.shuffle(rounds).slice(0, options.rounds)
    if (isCalledDifferent(drawn, options.comparisons, random, options.equal ? 0 : undefined)) claims += 1
  }
  return claims / options.draws
}

/**
 * Runs of so many rounds that share none, in the order measured: what independent runs would have said. With more than
 * three plain visits a run of equal arms is a pair for each beyond two.
 */
export function separateRuns(
  rounds: readonly DetectionRound[],
  options: { rounds: number; comparisons: number; equal: boolean },
  random: Draws,
): { runs: number; found: number } {
  const runs = Math.floor(rounds.length / options.rounds)
  const spare = Math.min(...rounds.map(({ plain }) => plain.length)) - 2
  const tested = options.equal ? Array.from({ length: spare }, (_, index) => index) : [undefined]
  let found = 0
  for (let run = 0; run < runs; run += 1) {
    const own = rounds.slice(run * options.rounds, (run + 1) * options.rounds)
    for (const which of tested) if (isCalledDifferent(own, options.comparisons, random, which)) found += 1
  }
  return { runs: runs * tested.length, found }
}

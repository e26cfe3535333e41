import { formatFigure } from '#bench/report/numbers.ts'
import { roundsFor, smallestP } from '#bench/statistics/power.ts'
import { LEVEL } from '#bench/statistics/verdict.ts'
import type { SelfCheck } from '#contract/result.ts'

/** Where no difference can be claimed whatever was measured, a missing claim says nothing about the modes: the run must say so. */
export function checkPower(rounds: number, comparisons: number): SelfCheck {
  const p = smallestP(rounds, comparisons)
  const detail = `${comparisons} comparisons in ${rounds} rounds: the smallest p that the test can give is ${formatFigure(p)}`
  const advice = `; no difference can be claimed at ${LEVEL}, however large: use --rounds ${roundsFor(comparisons)} or more`
  return {
    name: 'enough rounds',
    ok: p < LEVEL,
    detail: p < LEVEL ? detail : detail + advice,
    voids: 'nothing',
  }
}

import { formatFigure } from '#bench/report/numbers.ts'
import { restedShare } from '#contract/saturation.ts'
import { SWEEP_FIGURES, type SweepEvidence, type SweepRelation, type SweepStep } from '#contract/sweep.ts'
import { list } from '../list.ts'
import { AXIS_WORDS, exactly } from './axis-words.ts'
import { endsSentences } from './ends-sentences.ts'

const FIGURE_WORDS: Readonly<Record<string, string>> = {
  'nodeCpuUs saturated': 'In CPU of a saturated node',
  'serverCpuUs saturated': 'In CPU of a saturated node and the store together',
  'serverCpuUs equal-rate': 'In CPU of nodes and store together at the equal rate',
  'responseP50Ms equal-rate': 'In median latency at the equal rate',
}

/**
 * One sentence a figure and pair: who is better where, and where that turns; never more than the steps say. Then each
 * mode at the first value and at the last.
 */
export function sweepSentences(evidence: SweepEvidence): string[] {
  const relations = SWEEP_FIGURES.flatMap(([metric, point]) =>
    evidence.relations
      .filter((relation) => relation.metric === metric && relation.point === point)
      .map((relation) => `${FIGURE_WORDS[`${metric} ${point}`]}, ${sentence(evidence, relation)}.`),
  )
  return [...relations, ...endsSentences(evidence)]
}

function sentence(evidence: SweepEvidence, relation: SweepRelation): string {
  const { arm, against, crossings, better } = relation
  if (crossings.length > 1) return turnings(evidence, relation) + untold(evidence, relation)
  if (crossings.length > 0)
    return crossings.map((one) => turning(evidence, one)).join('; ') + untold(evidence, relation)
  const winner = better.find((mode) => mode !== null)
  if (!winner) return `${arm} and ${against} are ${untoldWords(evidence, relation)} at any value`
  const loser = winner === arm ? against : arm
  const told = evidence.steps.filter((_, index) => better[index] === winner)
  const isAlways = told.length === evidence.steps.length
  if (evidence.over === 'jwt-alg' && !better.every((mode) => mode === null || mode === winner))
    return byName(evidence.steps, relation)
  const where = isAlways ? `at every value measured (${range(evidence)})` : `at ${places(evidence, told)}`
  return `${winner} beats ${loser} ${where}${untold(evidence, relation)}`
}

function byName(steps: readonly SweepStep[], { arm, against, better }: SweepRelation): string {
  return [arm, against]
    .map((mode) => {
      const at = steps.filter((_, index) => better[index] === mode).map(({ value }) => String(value))
      return `${mode} beats ${mode === arm ? against : arm} with ${list(at)}`
    })
    .join('; ')
}

/** It turns more than once: whoever is better from one place on is not so for good. */
function turnings({ over }: SweepEvidence, { crossings }: SweepRelation): string {
  const [first] = crossings
  const axis = AXIS_WORDS[over]
  const turns = crossings.map(({ above, below, between, at }) => {
    const [low, high] = between.map(exactly)
    const place = at
      ? `about ${formatFigure(at.estimate, at.interval)} (interpolated)`
      : 'a place that is not known'
    return `${above} beats ${below} behind ${place} between ${low} and ${high} ${axis}`
  })
  return `it turns ${crossings.length} times: ${first?.below} beats ${first?.above} at first, then ${turns.join(', then ')}`
}

function turning(
  { over }: SweepEvidence,
  { below, above, between, at }: SweepRelation['crossings'][number],
): string {
  const [low, high] = between.map(exactly)
  const axis = AXIS_WORDS[over]
  if (!at)
    return `${below} beats ${above} at ${low} ${axis} and the other way round at ${high}; between them the two are not told apart`
  const [from, to] = at.interval.map((value) => formatFigure(value))
  return `${above} beats ${below} from about ${formatFigure(at.estimate, at.interval)} ${axis} on (interpolated between ${low} and ${high}; by the ends of the 95 % intervals: ${from}–${to}), and ${below} beats ${above} below`
}

function untold(evidence: SweepEvidence, relation: SweepRelation): string {
  const steps = evidence.steps.filter((_, index) => relation.better[index] === null)
  return steps.length === 0 ? '' : `; ${untoldWords(evidence, relation)} at ${places(evidence, steps)}`
}

/** Why there may be no winner at a value. */
function untoldWords({ steps }: SweepEvidence, { arm, against, point }: SweepRelation): string {
  const hadRest = steps.some(({ arms }) =>
    arms.some((one) => (one.arm === arm || one.arm === against) && restedShare(one.metrics) !== undefined),
  )
  return point === 'saturated' && hadRest
    ? 'not told apart, not both measured, or not both saturated,'
    : 'not told apart, or not both measured,'
}

function places({ over }: SweepEvidence, steps: readonly SweepStep[]): string {
  return `${list(steps.map(({ at, value }) => (at === null ? String(value) : exactly(at))))} ${AXIS_WORDS[over]}`.trim()
}

function range(evidence: SweepEvidence): string {
  const { steps } = evidence
  const ends = [...new Set([steps[0], steps.at(-1)])].filter((step) => step !== undefined)
  if (steps.some(({ at }) => at === null)) return list(steps.map(({ value }) => String(value)))
  return `${ends.map(({ at }) => exactly(at ?? Number.NaN)).join(' to ')} ${AXIS_WORDS[evidence.over]}`
}

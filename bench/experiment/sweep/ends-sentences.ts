import { formatEstimate, formatFigure } from '#bench/report/numbers.ts'
import { MODES, type ModeName } from '#contract/modes.ts'
import type { SweepEnds, SweepEvidence } from '#contract/sweep.ts'
import { list } from '../list.ts'
import { AXIS_WORDS, exactly } from './axis-words.ts'

const FIGURES: Readonly<Record<string, readonly [words: string, unit: string]>> = {
  'serverCpuUs saturated': ['CPU of a saturated node and the store', 'µs'],
  'serverCpuUs equal-rate': ['CPU of nodes and store at the equal rate', 'µs'],
  'responseP50Ms equal-rate': ['median latency at the equal rate', 'ms'],
}

/** A sentence a mode: what it costs at the first value and at the last; and one that says what such a comparison is worth. */
export function endsSentences({ over, steps, ends = [] }: SweepEvidence): string[] {
  const places = [steps[0], steps.at(-1)].map((step) => exactly(step?.at ?? Number.NaN))
  const modes = [...new Set(ends.map(({ mode }) => mode))]
  const sentences = modes.flatMap((mode) => {
    const figures = ends.filter((one) => one.mode === mode).flatMap(figure)
    if (figures.length === 0) return []
    return [`${mode} at ${places.join(' and at ')} ${AXIS_WORDS[over]}: ${figures.join('; ')}.`]
  })
  if (sentences.length === 0) return []
  return [...sentences, whatItIsWorth(ends), ...(over === 'sessions' ? sharedHeap(modes) : [])]
}

function figure({ metric, point, low, high, ratio, interval, claimed }: SweepEnds): string[] {
  const [words, unit] = FIGURES[`${metric} ${point}`] ?? []
  if (words === undefined) return []
  const [a, b] = [low, high].map((end) => estimate(end.value, end.interval))
  const verdict = claimed ? '' : ', not told apart'
  return [`${words} ${a} and ${b} ${unit}, × ${estimate(ratio, interval)}${verdict}`]
}

function estimate(value: number, interval: readonly [number, number] | null): string {
  return interval === null ? formatFigure(value) : formatEstimate(value, interval)
}

function whatItIsWorth(ends: readonly SweepEnds[]): string {
  const drifts = ends.flatMap(({ metric, point, baseline }) => {
    const [words] = FIGURES[`${metric} ${point}`] ?? []
    return words === undefined || !baseline
      ? []
      : [`× ${estimate(baseline.ratio, baseline.interval)} in ${words}`]
  })
  const drift = drifts.length === 0 ? '' : `: the baseline alone differed by ${list([...new Set(drifts)])}`
  return `Those two ends are two stacks, one after the other, and their rounds are not paired${drift}; a mode is told apart only beyond that, beyond 5 % and beyond each stack’s own noise.`
}

/** Who holds sessions in its heap pays for them in whatever else it does. */
function sharedHeap(modes: readonly ModeName[]): string[] {
  const inNodes = modes.filter((mode) => ['node-memory', 'every-node'].includes(MODES[mode].store))
  if (inNodes.length === 0 || inNodes.length === modes.length) return []
  return [
    `The nodes’ heaps hold the sessions of ${list(inNodes)} while the other modes and the baseline are measured; what that costs is in their figures, too.`,
  ]
}

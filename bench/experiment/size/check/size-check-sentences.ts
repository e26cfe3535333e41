import type { CheckedFigureName, ErrorSpread, SizeCheckEvidence } from '#contract/sizing.ts'

const SAID: readonly (readonly [CheckedFigureName, string])[] = [
  ['nodeCpuUs', 'CPU of a node for a lookup'],
  ['labCores', 'CPU of the whole lab'],
  ['responseP50Ms', 'the median response'],
]

/** How far measurements lay from projections, as drawn from the evidence. */
export function checkSentences({ errors, loads }: Pick<SizeCheckEvidence, 'errors' | 'loads'>): string[] {
  const modes = new Set(loads.map(({ mode }) => mode)).size
  return SAID.flatMap(([name, words]) => {
    const both = errors.find((one) => one.name === name && one.model === 'both-points')
    const saturated = errors.find((one) => one.name === name && one.model === 'saturated')
    if (!both && !saturated) return []
    const parts = [
      ...(both ? [`${spread(both)} what the run's two points together project`] : []),
      ...(saturated ? [`${spread(saturated)} what its saturated point alone projects`] : []),
    ]
    const n = (both ?? saturated)?.n ?? 0
    const of = `${n} load${n === 1 ? '' : 's'} of ${modes} mode${modes === 1 ? '' : 's'}`
    return [`Measured over ${of}, ${words} was ${parts.join(', and ')}.`]
  })
}

function spread({ least, most }: ErrorSpread): string {
  const [low, high] = [factor(least), factor(most)]
  return low === high ? `${low} times` : `${low} to ${high} times`
}

const factor = (error: number): string => (1 + error).toPrecision(2)

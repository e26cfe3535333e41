import { FAULT_NAMES, type FaultName, MODES, type ModeName } from '#contract/modes.ts'
import type { Cell } from './cells.ts'

/** Which faults have no meaning in which of these modes, by the mode table: a sentence for each set of modes. */
export function withoutMeaning(modes: readonly ModeName[]): string[] {
  const byModes = new Map<string, FaultName[]>()
  for (const fault of FAULT_NAMES) {
    const without = modes.filter((mode) => !MODES[mode].faults.includes(fault)).join(', ')
    if (without !== '') byModes.set(without, [...(byModes.get(without) ?? []), fault])
  }
  return [...byModes].map(
    ([without, faults]) => `${faults.join(', ')}: no meaning in ${without}, by the mode table`,
  )
}

/** Cells that were not run, and why. */
export interface Skipped extends Cell {
  reason: string
}

/** A sentence a reason, the cells fault by fault; a fault that was left out in every mode wanted stands alone. */
export function skippedWords(skipped: readonly Skipped[], wanted: readonly Cell[]): string[] {
  const reasons = [...new Set(skipped.map(({ reason }) => reason))]
  return reasons.map((reason) => {
    const cells = skipped.filter((cell) => cell.reason === reason)
    const faults = [...new Set(cells.map(({ fault }) => fault))].map((fault) => {
      const modes = cells.filter((cell) => cell.fault === fault).map(({ mode }) => mode)
      const isWhole = modes.length === wanted.filter((cell) => cell.fault === fault).length
      return isWhole ? fault : `${fault} in ${modes.join(', ')}`
    })
    return `${cells.length} of ${wanted.length} cells, ${reason}: ${faults.join('; ')}`
  })
}

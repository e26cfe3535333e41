import { describe, expect, it } from 'vitest'
import { matrixCells } from '#bench/experiment/matrix/cells.ts'
import { MODE_NAMES, MODES } from '#contract/modes.ts'

describe('the cells of a matrix', () => {
  it('are every fault in every mode that the table gives it a meaning for, and no other', () => {
    const cells = matrixCells(MODE_NAMES, { short: false })
    const wanted = MODE_NAMES.reduce((sum, mode) => sum + MODES[mode].faults.length, 0)
    expect(cells).toHaveLength(wanted)
    expect(cells).not.toContainEqual({ mode: 'sticky', fault: 'kill-redis' })
    expect(cells).toContainEqual({ mode: 'replicated', fault: 'partition-peers' })
  })

  it('are at most 24 when it shall be short, each with a meaning', () => {
    const cells = matrixCells(MODE_NAMES, { short: true })
    expect(cells).toHaveLength(24)
    for (const { mode, fault } of cells) expect(MODES[mode].faults).toContain(fault)
  })

  it('are those of the modes asked for', () => {
    expect(new Set(matrixCells(['jwt'], { short: true }).map(({ mode }) => mode))).toEqual(new Set(['jwt']))
  })
})

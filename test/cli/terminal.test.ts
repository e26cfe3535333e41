import { expect, it } from 'vitest'
import { canRedraw, columnsOf } from '#bench/cli/terminal.ts'

it('redraws no line where there is no terminal, nor on one without a size', () => {
  expect(canRedraw({ isTTY: true, columns: 80 })).toBe(true)
  expect(canRedraw({ isTTY: true, columns: 0 })).toBe(false)
  expect(canRedraw({ columns: 80 })).toBe(false)
})

it('takes 100 columns where nobody tells', () => {
  expect([columnsOf({ columns: 0 }), columnsOf({}), columnsOf({ columns: 60 })]).toEqual([100, 100, 60])
})

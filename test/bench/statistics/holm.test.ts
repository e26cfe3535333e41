import fc from 'fast-check'
import { expect, test } from 'vitest'
import { holm } from '#bench/statistics/holm.ts'

test("Holm's own example: each p times the number of hypotheses still open, never falling", () => {
  expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02])
  expect(holm([])).toEqual([])
})

test('eight rounds carry six comparisons and not seven', () => {
  expect(Math.max(...holm(new Array(6).fill(0.0078125)))).toBeLessThan(0.05)
  expect(Math.max(...holm(new Array(7).fill(0.0078125)))).toBeGreaterThan(0.05)
})

test('corrected values lie between the plain ones and Bonferroni, keep their order, and stay below 1', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 }),
      (plain) => {
        const corrected = holm(plain)
        for (const [index, p] of plain.entries()) {
          const own = corrected[index] ?? Number.NaN
          expect(own).toBeGreaterThanOrEqual(p)
          expect(own).toBeLessThanOrEqual(Math.min(1, p * plain.length) + 1e-12)
          for (const [other, q] of plain.entries())
            if (p < q) expect(own).toBeLessThanOrEqual(corrected[other] ?? 0)
        }
      },
    ),
  )
})

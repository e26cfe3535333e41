import { describe, expect, it } from 'vitest'
import {
  formatBytes,
  formatCount,
  formatEstimate,
  formatFigure,
  formatPercent,
  formatProbability,
  formatTime,
} from '../../../bench/report/numbers.ts'

describe('formatFigure', () => {
  it('shows three significant digits at most', () => {
    expect(formatFigure(0.41237)).toBe('0.412')
    expect(formatFigure(12.345)).toBe('12.3')
    expect(formatFigure(31_184.4)).toBe('31,200')
  })

  it('shows no digit that the interval does not support', () => {
    expect(formatFigure(46.31, [41.5, 52.1])).toBe('46')
    expect(formatFigure(219.4, [150, 290])).toBe('220')
    expect(formatFigure(46.31, [44.9, 47.9])).toBe('46.3')
  })

  it('keeps one digit of a figure that drowns in its interval', () => {
    expect(formatFigure(4, [-70, 80])).toBe('4')
  })

  it('shows an integer that nothing was averaged for without decimals', () => {
    expect(formatFigure(5)).toBe('5')
    expect(formatFigure(36)).toBe('36')
  })

  it('shows a dash where there is no figure', () => {
    for (const nothing of [null, Number.NaN, Number.POSITIVE_INFINITY])
      expect(formatFigure(nothing)).toBe('–')
  })

  it('rounds over a power of ten without gaining a digit', () => {
    expect(formatFigure(99.96)).toBe('100')
    expect(formatFigure(0.09999)).toBe('0.100')
  })
})

describe('formatEstimate', () => {
  it('prints estimate and interval to the same decimals', () => {
    expect(formatEstimate(2.934, [2.861, 3.012])).toBe('2.93 (2.86–3.01)')
    expect(formatEstimate(3.44, [2.9, 4.1])).toBe('3.4 (2.9–4.1)')
  })
})

describe('formatPercent', () => {
  it('never rounds a loss away', () => {
    expect(formatPercent(0.9997)).toBe('99.97')
    expect(formatPercent(0.99996)).toBe('99.996')
    expect(formatPercent(0.0001)).toBe('0.0100')
    expect(formatPercent(1)).toBe('100')
    expect(formatPercent(0)).toBe('0')
  })

  it('shows three significant digits elsewhere', () => {
    expect(formatPercent(101 / 300)).toBe('33.7')
    expect(formatPercent(null)).toBe('–')
  })
})

describe('units', () => {
  it('chooses the unit of a time by its size', () => {
    expect(formatTime(0.043)).toBe('43 µs')
    expect(formatTime(41.23)).toBe('41.2 ms')
    expect(formatTime(4890)).toBe('4.9 s')
    expect(formatTime(0)).toBe('0 ms')
  })

  it('counts in full and measures bytes in binary units', () => {
    expect(formatCount(59_040)).toBe('59,040')
    expect(formatBytes(8_350_000_000)).toBe('7.78 GiB')
    expect(formatBytes(12)).toBe('12 B')
  })

  it('prints a p value to two digits', () => {
    expect(formatProbability(0.0078125)).toBe('0.0078')
  })
})

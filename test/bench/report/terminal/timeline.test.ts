import { describe, expect, it } from 'vitest'
import { createPaint } from '../../../../bench/report/terminal/paint.ts'
import { block, printTimeline } from '../../../../bench/report/terminal/timeline.ts'
import { failureRun } from '../fixture.ts'

const paint = createPaint(false)
/** The blocks of one line of a timeline. */
const blocks = (text: string, label: string) =>
  (text.split('\n').find((line) => line.trimStart().startsWith(label)) ?? '').slice(19)

describe('block', () => {
  it('shows whatever is more than nothing, and is full only where it is everything', () => {
    expect(block(0, 30)).toBe(' ')
    expect(block(1, 3000)).toBe('▁')
    expect(block(30, 30)).toBe('█')
    expect(block(3, 0)).toBe(' ')
  })
})

describe('printTimeline', () => {
  const text = printTimeline(failureRun('sticky'), 100, paint)

  it('draws a line for each outcome that occurred and none for others', () => {
    expect(blocks(text, 'accepted')).toMatch(/^█{15}/)
    expect(blocks(text, 'refused unexpected')).toMatch(/^ {18}▃+$/)
    expect(text).not.toContain('timeout')
  })

  it('marks the band of the fault under the bins it covers', () => {
    // 200 ms a column: 3 s is the 16th column, 7 s ends the 35th.
    expect(blocks(text, 'fault')).toMatch(/^ {15}├── kill-node ─+┤$/)
    expect(blocks(text, 'fault')).toHaveLength(35)
    expect(text).toContain('one column: 200 ms')
  })

  it('gives every bin a column of its own where there is room', () => {
    expect(blocks(printTimeline(failureRun('redis'), 160, paint), 'accepted')).toHaveLength(120)
  })

  it('lists the events with their times', () => {
    expect(text).toContain('3.41 s  proxy ejected node-2 3 failures in a row')
  })

  it('draws what it can of a run without bins', () => {
    expect(printTimeline(failureRun('jwt', { bins: [] }), 100, paint)).toContain('jwt')
  })
})

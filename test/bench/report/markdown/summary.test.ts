import { describe, expect, it } from 'vitest'
import { codeSpan } from '../../../../bench/report/markdown/escape-markdown.ts'
import { renderSummary } from '../../../../bench/report/markdown/summary.ts'
import { fixture } from '../fixture.ts'

describe('renderSummary', () => {
  const text = renderSummary(fixture())

  it('answers with the sentences, then the tables, then the conditions', () => {
    const at = [
      'When one of three nodes',
      '## What a lookup costs',
      '## What it loses',
      '## Conditions',
      '## Run it again',
    ]
    const found = at.map((part) => text.indexOf(part))
    expect(found.every((each) => each > 0)).toBe(true)
    expect(found).toEqual(found.toSorted((a, b) => a - b))
  })

  it('has as many cells in every row of a table as in its head', () => {
    const tables = text.split('\n\n').filter((part) => part.startsWith('|'))
    expect(tables.length).toBeGreaterThanOrEqual(5)
    for (const table of tables) {
      const cells = table.split('\n').map((line) => line.replaceAll('\\|', '').split('|').length)
      expect(new Set(cells).size).toBe(1)
    }
  })

  it('names the point at the head of each figure', () => {
    expect(text).toContain('equal rate, 1,230/s<br>p99 ms')
    expect(text).toContain('saturated<br>rate /s')
  })

  it('shouts where the run is not valid', () => {
    expect(renderSummary(fixture({ valid: false }))).toContain('> **THIS RUN IS NOT VALID')
  })

  it('escapes whatever could be markup', () => {
    const marked = renderSummary(fixture({ sentences: ['a | b <img src=x> *c* `d` [e](f)'] }))
    expect(marked).toContain('a \\| b \\<img src=x\\> \\*c\\* \\`d\\` \\[e\\](f)')
  })

  it('keeps backticks in a command', () => {
    expect(codeSpan('echo `a`')).toBe('`` echo `a` ``')
  })
})

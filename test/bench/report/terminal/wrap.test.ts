import fc from 'fast-check'
import { expect, it } from 'vitest'
import { wrap } from '../../../../bench/report/terminal/wrap.ts'

it('loses no word and no line is too long', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z]{1,60}$/), { maxLength: 20 }), (words) => {
      const lines = wrap(words.join(' '), 40, '  ', '    ')
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(40)
      expect(lines.join('').replaceAll(' ', '')).toBe(words.join(''))
    }),
  )
})

it('indents the first line and the others apart', () => {
  expect(wrap('one two three', 9, '- ', '  ')).toEqual(['- one two', '  three'])
})

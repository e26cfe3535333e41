import { stripVTControlCharacters } from 'node:util'

/** Text from outside as one line without control characters: it must not move the reader's cursor. */
export function plainLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the point.
  return stripVTControlCharacters(text).replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')
}

/**
 * Breaks text into lines of at most `width` characters, at blanks where there are any; the first line starts with
 * `first`, the others with `indent`.
 */
export function wrap(text: string, width: number, first = '', indent = first): readonly string[] {
  const lines: string[] = []
  let line = first
  let empty = true
  const breakLine = () => {
    lines.push(line)
    line = indent
    empty = true
  }
  for (const word of plainLine(text).split(/ +/)) {
    if (!empty && line.length + 1 + word.length > width) breakLine()
    line += empty ? word : ` ${word}`
    empty = false
    while (line.length > width) {
      const rest = line.slice(width)
      line = line.slice(0, width)
      breakLine()
      line += rest
      empty = false
    }
  }
  return [...lines, line]
}

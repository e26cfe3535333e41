import { stripVTControlCharacters } from 'node:util'

/** Text from outside as one line without control characters: it must not move the reader's cursor. */
export function plainLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the point.
  return stripVTControlCharacters(text).replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')
}

/** Breaks text into lines of at most `width` characters, at blanks where there are any; the first and the further lines are indented. */
export function wrap(text: string, width: number, first = '', indent = first): readonly string[] {
  const lines: string[] = []
  let line = first
  for (const word of plainLine(text).split(/ +/)) {
    let rest = word
    if (line !== '' && line.trim() !== '' && line.length + 1 + rest.length > width) {
      lines.push(line)
      line = indent
    }
    line += line.trim() === '' ? rest : ` ${rest}`
    while (line.length > width) {
      rest = line.slice(width)
      lines.push(line.slice(0, width))
      line = indent + rest
    }
  }
  return line.trim() === '' ? lines : [...lines, line]
}

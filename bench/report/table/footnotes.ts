/** The notes under one table: the same words get the same number. */
export interface Footnotes {
  /** The number, from 1, of this note. */
  add(text: string): number
  /** Every note, in the order of their numbers. */
  texts(): readonly string[]
}

export function createFootnotes(): Footnotes {
  const notes: string[] = []
  return {
    add(text) {
      const known = notes.indexOf(text)
      return known >= 0 ? known + 1 : notes.push(text)
    },
    texts: () => [...notes],
  }
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹'

/** Marks of notes as plain text: `¹`, `² ³`. */
export function formatMarks(notes: readonly number[] = []): string {
  return notes.map((note) => [...String(note)].map((digit) => SUPERSCRIPTS[Number(digit)]).join('')).join(' ')
}

/** A word of which more than this share has to be changed was not meant. */
const MOST_CHANGED = 0.4

/** The word that was probably meant, or undefined where none is near enough; of equally near ones the first. */
export function closestWord(given: string, words: readonly string[]): string | undefined {
  const near = words
    .map((word) => ({ word, changed: edits(given, word) / Math.max(given.length, word.length) }))
    .filter(({ changed }) => changed <= MOST_CHANGED)
  return near.sort((one, other) => one.changed - other.changed)[0]?.word
}

/** Letters put in, taken out, exchanged, or swapped with their neighbour (optimal string alignment). */
function edits(from: string, to: string): number {
  let [before, last]: [number[], number[]] = [[], Array.from({ length: to.length + 1 }, (_, at) => at)]
  for (let row = 1; row <= from.length; row++) {
    const next = [row]
    for (let at = 1; at <= to.length; at++) {
      const same = from[row - 1] === to[at - 1]
      let least = Math.min((next[at - 1] ?? 0) + 1, (last[at] ?? 0) + 1, (last[at - 1] ?? 0) + (same ? 0 : 1))
      const swapped = row > 1 && at > 1 && from[row - 1] === to[at - 2] && from[row - 2] === to[at - 1]
      if (swapped) least = Math.min(least, (before[at - 2] ?? 0) + 1)
      next.push(least)
    }
    ;[before, last] = [last, next]
  }
  return last[to.length] ?? 0
}

/** What is asked of a standard stream. */
interface Stream {
  isTTY?: boolean
  columns?: number
}

/** Columns where nobody tells: no terminal, or one without a size. */
const PLAIN_COLUMNS = 100

/**
 * Can a line be redrawn there? Not on a terminal that has no size, as `script` opens one where its own input is a pipe:
 * whoever divides by its width never comes to an end.
 */
export function canRedraw({ isTTY = false, columns = 0 }: Stream): boolean {
  return isTTY && columns > 0
}

export function columnsOf({ columns = 0 }: Stream): number {
  return columns > 0 ? columns : PLAIN_COLUMNS
}

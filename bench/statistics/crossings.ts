/** Two arms at one place of an axis: ratio = one ÷ the other, with its interval. */
export interface RatioAt {
  at: number
  ratio: number
  interval: readonly [number, number]
  /** Their difference is claimed: only then is its sign one. */
  claimed: boolean
}

/** Where the ratio passes 1. */
export interface SignChange {
  /** True: the ratio is below 1 before and above 1 behind. */
  rises: boolean
  between: readonly [number, number]
  /** null where places lie between the two at which no sign is claimed. */
  at: { estimate: number; interval: readonly [number, number] } | null
}

/**
 * Changes of the sign of ln(ratio) along ascending places, between neighbours of opposite claimed signs. The place is
 * interpolated linearly in ln(ratio), for its uncertainty also between the upper and between the lower ends of the two
 * intervals; never across a place at which nothing is claimed, and never beyond the places measured.
 */
export function signChanges(places: readonly RatioAt[]): SignChange[] {
  const changes: SignChange[] = []
  let last: { place: RatioAt; index: number } | undefined
  for (const [index, place] of places.entries()) {
    if (!place.claimed) continue
    if (last && Math.sign(Math.log(last.place.ratio)) !== Math.sign(Math.log(place.ratio)))
      changes.push(changeBetween(last.place, place, index - last.index === 1))
    last = { place, index }
  }
  return changes
}

function changeBetween(low: RatioAt, high: RatioAt, areNeighbours: boolean): SignChange {
  const between = [low.at, high.at] as const
  const rises = low.ratio < 1
  if (!areNeighbours) return { rises, between, at: null }
  const where = (a: number, b: number) =>
    clamp(passesZero(low.at, high.at, Math.log(a), Math.log(b)), between)
  const ends = [where(low.interval[0], high.interval[0]), where(low.interval[1], high.interval[1])].sort(
    (a, b) => a - b,
  )
  return {
    rises,
    between,
    at: { estimate: where(low.ratio, high.ratio), interval: [ends[0] ?? low.at, ends[1] ?? high.at] },
  }
}

function passesZero(x0: number, x1: number, y0: number, y1: number): number {
  return x0 + ((x1 - x0) * y0) / (y0 - y1)
}

function clamp(value: number, [low, high]: readonly [number, number]): number {
  return Math.min(high, Math.max(low, value))
}

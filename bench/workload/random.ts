/** Seeded randomness: the same seed draws the same values on every machine. Not for secrets. */
export interface Random {
  /** Uniform in [0, 1), 53 bits. */
  next(): number
  /** Uniform integer in [0, n). @throws RangeError unless n is an integer in 1 … 2^32. */
  int(n: number): number
  /** A shuffled copy (Fisher–Yates). */
  shuffle<T>(values: readonly T[]): T[]
  /** Exponentially distributed with this mean: the gap between two arrivals of a Poisson process. */
  exponential(mean: number): number
  /** An independent stream named by the label: the same label always gives the same stream, whatever was drawn before. */
  fork(label: string): Random
}

/**
 * sfc32 ("small fast counter", Chris Doty-Humphrey, PractRand 2010): 128 bits of state with a counter, so that no
 * seed has a cycle shorter than 2^32 draws. The seed is spread over the state by cyrb128-style mixing of its text.
 */
export function createRandom(seed: number | string): Random {
  const source = `${seed}`
  const draw = sfc32(hash128(source))

  function next(): number {
    // Two draws make the 53 bits of a double: 27 high bits and 26 low ones.
    return ((draw() >>> 5) * 67_108_864 + (draw() >>> 6)) / 9_007_199_254_740_992
  }

  function int(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 2 ** 32)
      throw new RangeError(`int(n) needs 1 ≤ n ≤ 2^32, not ${n}`)
    return Math.floor(next() * n)
  }

  return {
    next,
    int,
    shuffle(values) {
      const copy = [...values]
      for (let last = copy.length - 1; last > 0; last--) {
        const other = int(last + 1)
        const held = copy[last] as (typeof copy)[number]
        copy[last] = copy[other] as (typeof copy)[number]
        copy[other] = held
      }
      return copy
    },
    // 1 − u is never 0, so the logarithm is finite.
    exponential: (mean) => -mean * Math.log(1 - next()),
    fork: (label) => createRandom(`${source}/${label}`),
  }
}

type State = readonly [number, number, number, number]

function sfc32([first, second, third, fourth]: State): () => number {
  let a = first
  let b = second
  let c = third
  let counter = fourth
  const draw = (): number => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum >>> 0
  }
  // The author's advice: discard the first draws, until a poor seed is spread over the whole state.
  for (let warmUp = 0; warmUp < 15; warmUp++) draw()
  return draw
}

/** Four 32-bit words from a text; every character reaches every word (MurmurHash3's multipliers and finaliser). */
function hash128(text: string): State {
  const words: [number, number, number, number] = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a]
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    for (const word of [0, 1, 2, 3] as const) {
      const mixed = Math.imul(words[word] ^ code ^ (words[(word + 1) % 4] ?? 0), 0xcc9e2d51 + 2 * word)
      words[word] = (mixed << 13) | (mixed >>> 19)
    }
  }
  return [finalise(words[0]), finalise(words[1]), finalise(words[2]), finalise(words[3])]
}

function finalise(word: number): number {
  let mixed = word
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}

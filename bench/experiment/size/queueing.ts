/** What no tier shall exceed on average: the rest is for bursts. */
export const UTILISATION = 0.7

/** Pollaczek–Khinchine with a squared coefficient of variation of 1: exponential service times. */
export function waitMs(share: number, serviceS: number): number {
  return (1000 * serviceS * share) / (1 - share)
}

/** A tier that a request passes: its CPU time for one, and how busy it is. */
export interface Station {
  serviceS: number
  share: number
}

/** Sojourn times that are nearly equal are taken as this much apart, since the formula divides by their difference. */
const LEAST_APART = 1.01

/**
 * A percentile of the time through stations in a row, ms, each with exponential service times and Poisson arrivals: then
 * the time in each is exponential with mean `serviceS ÷ (1 − share)`, and the times are independent (Jackson). Networks,
 * kernels, and waiting for a core that several processes share are not in it. null: a station is full.
 */
export function responsePercentileMs(stations: readonly Station[], percentile: number): number | null {
  const passed = stations.filter(({ serviceS }) => serviceS > 0)
  if (passed.length === 0 || passed.some(({ share }) => share >= 1)) return null
  const means = spreadApart(passed.map(({ serviceS, share }) => (1000 * serviceS) / (1 - share)))
  const weights = means.map((mean, at) =>
    means.reduce((product, other, place) => (place === at ? product : (product * mean) / (mean - other)), 1),
  )
  const beyond = (ms: number) =>
    means.reduce((sum, mean, at) => sum + (weights[at] ?? 0) * Math.exp(-ms / mean), 0)
  const wanted = 1 - percentile / 100
  let low = 0
  let high = means.reduce((sum, mean) => sum + mean, 0) * 20
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2
    if (beyond(middle) > wanted) low = middle
    else high = middle
  }
  return high
}

function spreadApart(means: readonly number[]): number[] {
  const apart: number[] = []
  for (const mean of means.toSorted((a, b) => a - b))
    apart.push(Math.max(mean, (apart.at(-1) ?? 0) * LEAST_APART))
  return apart
}

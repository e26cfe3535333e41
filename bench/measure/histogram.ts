import type { Histogram } from 'hdr-histogram-js'
import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64 } from 'hdr-histogram-js'

/** A percentile from 99 up is given only where at least this many samples lie beyond it: p99 needs 1,000, p99.9 10,000. */
const SAMPLES_BEYOND = 10

const CURVE_PERCENTILES = [
  0, 5, 10, 20, 30, 40, 50, 60, 70, 75, 80, 85, 90, 92.5, 95, 96, 97, 98, 98.5, 99, 99.25, 99.5, 99.75, 99.9,
  99.925, 99.95, 99.975, 99.99, 99.995, 99.999,
] as const

/** The longest duration that is told apart from longer ones: ten minutes. */
const HIGHEST_US = 600_000_000

/** Durations in whole µs with three significant digits (HdrHistogram): no value is off by more than 0.1 %. */
export interface DurationHistogram {
  readonly count: number
  /** Values are rounded to whole µs; below 0 counts as 0, beyond ten minutes as ten minutes. */
  record(durationUs: number): void
  /** Adds the other's counts. */
  merge(other: DurationHistogram): void
  /** The percentile (0 … 100) in ms; null where too few samples would carry it: 1,000 for p99, 10,000 for p99.9. */
  percentileMs(percentile: number): number | null
  /** The same, however few samples there are (null of none): for checks that must not fall silent, never for a report. */
  nearestMs(percentile: number): number | null
  /** Points of the percentile curve, [percentile, ms], denser towards 100, as far as samples carry them. */
  curve(): readonly (readonly [percentile: number, ms: number])[]
  /** HdrHistogram V2, compressed, base64: what other tools read. */
  encode(): string
  /** For `merge` alone. */
  readonly counts: Histogram
}

export function createHistogram(): DurationHistogram {
  return around(
    build({
      bitBucketSize: 32,
      lowestDiscernibleValue: 1,
      highestTrackableValue: HIGHEST_US,
      numberOfSignificantValueDigits: 3,
      autoResize: false,
    }),
  )
}

/** @throws Error where the text is not an encoded HdrHistogram. */
export function decodeHistogram(base64: string): DurationHistogram {
  const histogram = createHistogram()
  histogram.counts.add(decodeFromCompressedBase64(base64, 32))
  return histogram
}

/** One histogram with everything the encoded ones hold. */
export function mergeEncoded(encoded: Iterable<string>): DurationHistogram {
  const sum = createHistogram()
  for (const text of encoded) sum.merge(decodeHistogram(text))
  return sum
}

function around(counts: Histogram): DurationHistogram {
  function isCarried(percentile: number): boolean {
    const beyond = counts.totalCount * (1 - percentile / 100)
    return percentile < 99 ? counts.totalCount > 0 : beyond >= SAMPLES_BEYOND - 1e-6
  }

  const valueMs = (percentile: number): number => counts.getValueAtPercentile(percentile) / 1000

  return {
    counts,
    get count() {
      return counts.totalCount
    },
    record(durationUs) {
      const whole = Math.round(durationUs)
      counts.recordValue(Math.max(0, Math.min(whole, HIGHEST_US)))
    },
    merge(other) {
      counts.add(other.counts)
    },
    percentileMs: (percentile) => (isCarried(percentile) ? valueMs(percentile) : null),
    nearestMs: (percentile) => (counts.totalCount > 0 ? valueMs(percentile) : null),
    curve: () =>
      CURVE_PERCENTILES.filter(isCarried).map((percentile) => [percentile, valueMs(percentile)] as const),
    encode: () => encodeIntoCompressedBase64(counts),
  }
}

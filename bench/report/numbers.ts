/** Stands where there is no figure, or none that may be used. */
export const NO_FIGURE = '–'

/** Never more significant digits than this: the machine does not repeat itself better. */
const SIGNIFICANT = 3
const DECIMALS_MAX = 6
/** An uncertainty of 1.0 … 3.5 units keeps two digits, one of 3.6 … 9.9 keeps one: the Particle Data Group's rule. */
const TWO_DIGITS_BELOW = 3.55

/** Decimals (negative: tens, hundreds, …) that a figure of this size and this uncertainty supports. */
function supportedDecimals(value: number, interval: readonly [number, number] | null): number {
  const rounded = Number(value.toPrecision(SIGNIFICANT))
  const magnitude = rounded === 0 ? 0 : Math.floor(Math.log10(Math.abs(rounded)))
  const bySize = SIGNIFICANT - 1 - magnitude
  const halfWidth = interval === null ? 0 : Math.abs(interval[1] - interval[0]) / 2
  if (!(halfWidth > 0)) return Math.min(bySize, Number.isInteger(value) ? 0 : DECIMALS_MAX)
  const leading = Math.floor(Math.log10(halfWidth))
  const byInterval = halfWidth / 10 ** leading < TWO_DIGITS_BELOW ? 1 - leading : -leading
  // One digit stays in any case: a figure of 4 ± 70 is not 0.
  return Math.max(-magnitude, Math.min(bySize, byInterval, DECIMALS_MAX))
}

function round(value: number, decimals: number): string {
  const step = 10 ** -Math.min(decimals, 0)
  return new Intl.NumberFormat('en-US', {
    minimumFractionDigits: Math.max(decimals, 0),
    maximumFractionDigits: Math.max(decimals, 0),
  }).format(decimals < 0 ? Math.round(value / step) * step : value)
}

/**
 * A figure with thousands separated and no more digits than its 95 % interval supports (the half-width's leading
 * digit, or two where it is small), three significant ones at most. null or not finite: `–`.
 */
export function formatFigure(
  value: number | null,
  interval: readonly [number, number] | null = null,
): string {
  if (value === null || !Number.isFinite(value)) return NO_FIGURE
  if (value === 0) return '0'
  return round(value, supportedDecimals(value, interval))
}

/** A figure and its interval to the same number of decimals: `2.93 (2.86–3.01)`. */
export function formatEstimate(value: number, interval: readonly [number, number]): string {
  return `${formatFigure(value, interval)} ${formatInterval(value, interval)}`
}

/** The interval of an estimate alone: `(2.86–3.01)`. */
export function formatInterval(value: number, interval: readonly [number, number]): string {
  const decimals = supportedDecimals(value, interval)
  return `(${round(interval[0], decimals)}–${round(interval[1], decimals)})`
}

/** A p value to two significant digits; nobody decides by the third. */
export function formatProbability(p: number): string {
  return Number.isFinite(p) ? String(Number(p.toPrecision(2))) : NO_FIGURE
}

/** Something counted, in full. */
export function formatCount(count: number): string {
  return new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 }).format(count)
}

/**
 * A share of 1 as a percentage, without the sign. 99.97 % is never rounded up to 100: whoever reads 100 may believe
 * that nothing was lost.
 */
export function formatPercent(share: number | null): string {
  if (share === null || !Number.isFinite(share)) return NO_FIGURE
  const percent = share * 100
  const text = formatFigure(percent)
  if (percent >= 100 || Number(text) < 100) return text
  const decimals = Math.min(DECIMALS_MAX, Math.ceil(-Math.log10(100 - percent)))
  return (Math.floor(percent * 10 ** decimals) / 10 ** decimals).toFixed(decimals)
}

/** A time with its unit, chosen by size: `412 µs`, `41.2 ms`, `4.9 s`. */
export function formatTime(ms: number): string {
  if (!Number.isFinite(ms)) return NO_FIGURE
  if (ms === 0) return '0 ms'
  if (Math.abs(ms) < 1) return `${formatFigure(ms * 1000)} µs`
  if (Math.abs(ms) < 1000) return `${formatFigure(ms)} ms`
  return `${Number((ms / 1000).toPrecision(ms < 10_000 ? 2 : 3))} s`
}

/** The same, and a bare `0` where there was nothing. */
export function shortTime(ms: number): string {
  return ms === 0 ? '0' : formatTime(ms)
}

/** Bytes with a binary unit: `7.8 GiB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10))
  return `${formatFigure(bytes / 1024 ** step)} ${units[step] ?? 'B'}`
}

/** `1 node`, `3 nodes`. */
export function formatNodes(count: number): string {
  return count === 1 ? '1 node' : `${formatCount(count)} nodes`
}

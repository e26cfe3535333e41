import { formatCount, formatFigure } from '#bench/report/numbers.ts'
import type { SweepVariable } from '#contract/sweep.ts'

/** What stands behind a place on the axis. */
export const AXIS_WORDS: Readonly<Record<SweepVariable, string>> = {
  connections: 'connections',
  nodes: 'nodes',
  payload: 'B of payload',
  sessions: 'live sessions',
  rate: 'requests/s',
  'jwt-alg': '',
  'redis-rtt': 'ms to Redis (round trip as measured)',
}

/** What was asked for is a whole number and stays one; what was measured has the digits that it is worth. */
export function exactly(value: number): string {
  return Number.isInteger(value) ? formatCount(value) : formatFigure(value)
}

/**
 * Microseconds on the monotonic clock. On one host every process reads the same clock, so events of the proxy,
 * the nodes and the load generator can be put on one time line.
 */
export function monotonicUs(): number {
  return Number(process.hrtime.bigint() / 1000n)
}

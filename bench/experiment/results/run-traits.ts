import { formatTime } from '#bench/report/numbers.ts'
import type { RunResult } from '#contract/result.ts'

type Trait = readonly [name: string, of: (result: RunResult) => unknown]

/** Where these differ, a difference of figures says nothing of the program. */
export const DECISIVE: readonly Trait[] = [
  ['CPU', ({ environment }) => environment.cpuModel],
  ['cores', ({ environment }) => environment.cores],
  ['limit of CPUs', ({ environment }) => environment.cgroupCpuLimit ?? 'none'],
  ['cluster', ({ configuration }) => configuration.cluster ?? 'its own'],
  ['nodes', ({ configuration }) => configuration.nodes],
  ['entrance', ({ configuration }) => configuration.via],
  ['connections', ({ configuration }) => configuration.connections],
  ['payload', ({ configuration }) => configuration.payloadBytes ?? 0],
  ['delay before Redis', ({ configuration }) => configuration.redisRttMs ?? 'no relay'],
  ['live sessions', ({ configuration }) => configuration.sessions ?? 0],
  ['mix', ({ configuration }) => JSON.stringify(configuration.mix ?? 'lookups')],
]

/** Where these differ, the reader should know. */
export const TELLING: readonly Trait[] = [
  ['equal rate (nothing at it is compared)', ({ configuration }) => configuration.ratePerS],
  ['forwarder', ({ configuration }) => configuration.forwarder],
  ['window', ({ configuration }) => configuration.windowMs],
  ['token algorithm', ({ configuration }) => configuration.jwtAlgorithm],
  ['session reader', ({ configuration }) => configuration.sessionReader ?? 'fastify-session'],
  ['token verifier', ({ configuration }) => configuration.jwtVerifier],
  ['plant', ({ configuration }) => configuration.plant],
  ['lookups while Redis is away', ({ configuration }) => configuration.outage ?? 'closed'],
  ['Node', ({ environment }) => environment.node],
  ['kernel', ({ environment }) => environment.kernel],
  ['packages', ({ environment }) => environment.lockfileSha256.slice(0, 12)],
  ['Redis', ({ environment }) => environment.redis?.version ?? 'none'],
  ['central store', ({ configuration }) => configuration.store ?? 'redis'],
]

/** Those that are not alike, with both. */
export function differing(a: RunResult, b: RunResult, traits: readonly Trait[]): string[] {
  return traits
    .filter(([, of]) => of(a) !== of(b))
    .map(([name, of]) => `${name}: ${String(of(a))} and ${String(of(b))}`)
}

/** Beyond it a lookup waits for Redis so much longer that latency is of another system. */
const FARTHER = 2

/** How far Redis was, where that differs by more than a measurement of it does. */
export function distances(a: RunResult, b: RunResult): string[] {
  const [one, other] = [a, b].map(({ environment }) => environment.redis?.roundTripMs.p50)
  if (one === undefined || other === undefined || Math.max(one / other, other / one) <= FARTHER) return []
  return [`Redis’s round trip: ${formatTime(one)} and ${formatTime(other)}`]
}

import type { ProxyAlgorithm } from '#contract/environment.ts'
import type { Upstream } from '../upstream/upstream.ts'
import type { Balancer } from './balancer.ts'
import { createLeastInFlight } from './least-in-flight.ts'
import { createPowerOfTwo } from './power-of-two.ts'
import { createRendezvous } from './rendezvous.ts'
import { createRoundRobin } from './round-robin.ts'

/**
 * @param hashed whether requests with a key go by its hash, and only the others by the algorithm.
 * @param weightOf an upstream's weight now.
 */
export function createBalancer(
  algorithm: ProxyAlgorithm,
  hashed: boolean,
  weightOf: (upstream: Upstream) => number,
  random: () => number,
): Balancer {
  const spread = {
    'round-robin': () => createRoundRobin(weightOf),
    'least-in-flight': () => createLeastInFlight(weightOf),
    'power-of-two': () => createPowerOfTwo(random, weightOf),
  }[algorithm]()
  return hashed ? createRendezvous(spread) : spread
}

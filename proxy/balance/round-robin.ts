import type { Upstream } from '../upstream/upstream.ts'
import type { Balancer } from './balancer.ts'

/**
 * Smooth weighted round robin (as in nginx): each turn everybody gains its weight, the richest is chosen and pays the
 * sum. Equal weights give a plain rotation; unequal ones are spread, never clustered.
 * @param weightOf the weight now, for the slow start of an upstream that came back.
 */
export function createRoundRobin(weightOf: (upstream: Upstream) => number = (u) => u.weight): Balancer {
  const credit = new WeakMap<Upstream, number>()
  return {
    select(pool) {
      let chosen: Upstream | undefined
      let most = Number.NEGATIVE_INFINITY
      let total = 0
      for (const upstream of pool) {
        const weight = weightOf(upstream)
        const now = (credit.get(upstream) ?? 0) + weight
        credit.set(upstream, now)
        total += weight
        if (now > most) {
          most = now
          chosen = upstream
        }
      }
      if (chosen) credit.set(chosen, most - total)
      return chosen
    },
  }
}

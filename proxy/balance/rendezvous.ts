import type { Balancer } from './balancer.ts'

/** FNV-1a over UTF-16 units, then the finaliser of MurmurHash3: cheap, and every bit of the result is used. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i += 1) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
  return (value ^ (value >>> 16)) >>> 0
}

/**
 * Rendezvous hashing (Thaler and Ravishankar 1996): every upstream scores the key, the highest score wins. When one
 * goes, only its keys move, evenly; when one comes, it takes its share from each. Weights by −w / ln(score).
 * @param otherwise for requests that bring no key.
 */
export function createRendezvous(otherwise: Balancer): Balancer {
  return {
    select(pool, hints) {
      const { key } = hints
      if (key === undefined) return otherwise.select(pool, hints)
      let chosen = pool[0]
      let highest = Number.NEGATIVE_INFINITY
      for (const upstream of pool) {
        const share = (hash(`${upstream.id}\n${key}`) + 0.5) / 0x1_0000_0000
        const score = -upstream.weight / Math.log(share)
        if (score > highest) {
          highest = score
          chosen = upstream
        }
      }
      return chosen
    },
  }
}

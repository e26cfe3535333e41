import type { JoinedNode } from '#bench/chaos/fault.ts'
import type { Holding } from '#bench/check/survival.ts'
import type { Sample } from '#bench/load/plan.ts'
import type { JoinedLedger } from '#contract/result.ts'

/**
 * What a node that joined and left again changed for the load. µs on the samples’ clock.
 * @param begunAfter logins that began at it, put to every node when it had gone.
 */
export function joinedLedger(
  samples: readonly Pick<Sample, 'dueUs' | 'outcome' | 'node'>[],
  { node, atUs }: JoinedNode,
  { faultUs, healBeganUs, healUs }: { faultUs: number; healBeganUs: number; healUs: number },
  begunAfter: readonly Holding[],
): JoinedLedger {
  const before = samples.filter(({ dueUs }) => dueUs < faultUs)
  const halfUs = (atUs + healBeganUs) / 2
  const during = samples.filter(({ dueUs }) => dueUs >= halfUs && dueUs < healBeganUs)
  const after = samples.filter(({ dueUs }) => dueUs >= healUs)
  const isAccepted = ({ outcome }: Pick<Sample, 'outcome'>): boolean => outcome === 'ok'
  return {
    node,
    readyMs: (atUs - faultUs) / 1000,
    answeredShare: share(during, (sample) => sample.node === node),
    accepted: {
      before: share(before, isAccepted),
      during: share(during, isAccepted),
      after: share(after, isAccepted),
    },
    begun: {
      users: begunAfter.length,
      lost: begunAfter.filter(({ acceptedBy }) => acceptedBy.length === 0).length,
    },
  }
}

function share<Item>(items: readonly Item[], counts: (item: Item) => boolean): number | null {
  return items.length === 0 ? null : items.filter(counts).length / items.length
}

import { labUserId } from '#contract/lab.ts'

/** Sessions of one request; each node has one request under way. */
const REQUEST_MAX = 5_000

/** So many sessions, shared out among people and those among nodes. */
export interface Shares {
  sessions: number
  /** Index of the first person who gets any. */
  firstUser: number
  /** How many there are from there on. */
  holders: number
  nodes: number
}

/** Users of one node, each of whom gets as many. */
export interface Batch {
  userIds: readonly string[]
  each: number
}

/** What one node makes, request by request: nobody has more than one session more than anybody else. */
export function* batchesOf({ sessions, firstUser, holders, nodes }: Shares, node: number): Generator<Batch> {
  const each = Math.floor(sessions / holders)
  const more = sessions % holders
  for (const [from, to, own] of [
    [0, more, each + 1],
    [more, holders, each],
  ] as const) {
    if (own === 0) continue
    const size = Math.max(1, Math.floor(REQUEST_MAX / own))
    let userIds: string[] = []
    for (let user = firstOf(node, from, nodes); user < to; user += nodes) {
      userIds.push(labUserId(firstUser + user))
      if (userIds.length < size) continue
      yield { userIds, each: own }
      userIds = []
    }
    if (userIds.length > 0) yield { userIds, each: own }
  }
}

/** The first user of this node from there on: a person belongs to one node, whatever the share. */
function firstOf(node: number, from: number, nodes: number): number {
  return from + ((((node - from) % nodes) + nodes) % nodes)
}

/** Whose sessions each node has made. */
export function holderIds(shares: Shares): string[][] {
  return Array.from({ length: shares.nodes }, (_, node) =>
    [...batchesOf(shares, node)].flatMap(({ userIds }) => userIds),
  )
}

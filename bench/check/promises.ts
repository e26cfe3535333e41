import type { History, HistoryLine, Revocation } from '#contract/history.ts'
import type { Mode } from '#contract/modes.ts'

const MS = 1000

/**
 * How long after its acknowledgement a revocation may still be without effect on this operation, µs; undefined: the
 * mode promises no bound.
 */
export function revocationBoundUs(
  { header }: History,
  mode: Mode,
  reach: Revocation['reach'],
  op: HistoryLine['op'],
): number | undefined {
  if (
    op === 'transfer' &&
    mode.expected.transfer['logged-out'] === 'refuse' &&
    mode.epochHome !== 'node-memory'
  )
    return MS * (mode.boundMs === undefined ? 0 : (header?.boundMs ?? mode.boundMs))
  switch (mode.revokes[reach === 'login' ? 'one' : 'user']) {
    case 'always':
    case 'while-node-lives':
    case 'while-store-lives':
      return 0
    case 'within-bound':
    case 'after-replication':
      return MS * (header?.boundMs ?? mode.boundMs ?? 0)
    case 'at-expiry':
    case 'by-chance':
    case 'never':
      return undefined
  }
}

/**
 * Is the mode's table sure that this question is accepted while the login is good? Where sessions are in a node's
 * memory, only what the balancer leads to the right node is.
 */
export function promisesAcceptance(mode: Mode, { via }: HistoryLine): boolean {
  if (mode.expected.lookup.live !== 'accept') return false
  return mode.store !== 'node-memory' || via === 'proxy'
}

/** Are refresh tokens remembered in a store that all nodes ask? */
export function sharesRefreshTokens(mode: Mode): boolean {
  return mode.store !== 'node-memory'
}

/** Is the store asked for a transfer, though for nothing else that a credential is good for? */
export function confirmsTransfers({ needs, verification, expected }: Mode): boolean {
  return needs.includes('redis') && verification === 'offline' && expected.transfer['logged-out'] === 'refuse'
}

import { setTimeout as delay } from 'node:timers/promises'
import type { Positions } from './positions.ts'
import type { SnapshotOutcome } from './snapshot.ts'

/** A node that is there may be joining itself, and has nothing to give before it has. */
const GIVE_UP_MS = 30_000
const RETRY_MS = 100

export type Given = 'taken' | Extract<SnapshotOutcome, string>

export interface CatchUpParts {
  readonly positions: Positions
  /** Asks a node for everything it has; `absent` where nobody knows it. */
  askItself(id: string): Promise<Given>
  /** Asks whoever else is there. */
  askOthers(): Promise<unknown>
  /** Has it been heard of since it last failed to answer? */
  isThere(id: string): boolean
  isClosed(): boolean
  /** Unless given, half a minute. */
  readonly giveUpMs?: number
}

/**
 * Fills every hole: from the node itself; where it is gone, from whoever is there. What nobody has is lost, and no longer
 * missed. A node that is there and gives nothing just now is asked again: what it alone has is not lost.
 */
export async function catchUp(parts: CatchUpParts): Promise<void> {
  const { positions, giveUpMs = GIVE_UP_MS } = parts
  let asked: string | undefined
  let giveUpAtMs = 0
  for (let [id] = positions.behind; id !== undefined && !parts.isClosed(); [id] = positions.behind) {
    if (asked !== id) giveUpAtMs = performance.now() + giveUpMs
    asked = id
    const missing = positions.missing(id)
    const given = await parts.askItself(id)
    if (given !== 'taken' && parts.isThere(id) && performance.now() < giveUpAtMs) {
      await delay(RETRY_MS)
      continue
    }
    if (positions.missing(id) === missing) await parts.askOthers()
    if (positions.missing(id) === missing) positions.giveUp(id)
  }
}

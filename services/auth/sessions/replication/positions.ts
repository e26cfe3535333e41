import type { Position } from './change.ts'

/**
 * How far this node has followed each other node's numbered changes, and whose have a hole here.
 *
 *   follow   a batch arrived ─► is there a hole before it?
 *   adopt    a snapshot had everything up to here ─► the hole is filled
 */
export class Positions {
  readonly #known = new Map<string, Position>()
  /** Nodes whose changes have a hole here, and up to where it reaches. */
  readonly #behind = new Map<string, Position>()

  /** Takes note of a batch. @returns true where changes before it are missing. */
  follow(id: string, incarnation: string, firstSeq: number, lastSeq: number): boolean {
    const known = this.#known.get(id)
    const knownSeq = known?.incarnation === incarnation ? known.seq : 0
    const hasHole = firstSeq > knownSeq + 1
    if (hasHole) this.#behind.set(id, { incarnation, seq: firstSeq - 1 })
    this.#known.set(id, { incarnation, seq: Math.max(knownSeq, lastSeq) })
    return hasHole
  }

  /** Somebody has followed a node up to here. @returns true where that is further than this node has. */
  hear(id: string, position: Position): boolean {
    const mine = this.#known.get(id)
    const isFurther = mine?.incarnation === position.incarnation && mine.seq < position.seq
    if (isFurther) this.#behind.set(id, position)
    return isFurther
  }

  /** What a snapshot had is had here; what came on the way since stays counted. */
  adopt(id: string, { incarnation, seq }: Position): void {
    const known = this.#known.get(id)
    if (known?.incarnation !== incarnation || known.seq < seq) this.#known.set(id, { incarnation, seq })
    const missing = this.#behind.get(id)
    if (missing === undefined || missing.incarnation !== incarnation || missing.seq <= seq)
      this.#behind.delete(id)
  }

  /** What is missed of a node; undefined: nothing. */
  missing(id: string): Position | undefined {
    return this.#behind.get(id)
  }

  /** Nobody has it any more: it is lost, and no longer missed. */
  giveUp(id: string): void {
    this.#behind.delete(id)
  }

  /** The nodes of which something is missed. */
  get behind(): readonly string[] {
    return [...this.#behind.keys()]
  }

  /** Those of these nodes that were followed without a hole, and how far. */
  complete(wanted: (id: string) => boolean): Record<string, Position> {
    return Object.fromEntries([...this.#known].filter(([id]) => wanted(id) && !this.#behind.has(id)))
  }
}

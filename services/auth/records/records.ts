/** A record as it was when it was read. */
export interface Seen {
  readonly text: string
  /** Names this state of the record; only the backend that made it can read it. */
  readonly version: unknown
}

/**
 * Texts by name, each replaced as a whole and only by somebody who has seen the present one. That one rule (compare and
 * swap) is all that sessions need of a store: what is gone is not brought back, of two that come at once one sees the
 * other. A name is `kind` or `kind.id`, of letters, digits, `_` and `-`. Records are never removed by a reader.
 *
 * Every method rejects when the store cannot be asked; with StoreFull when there is no room. No method waits for ever on
 * its own account, but who asks sets the limit (guarded-records.ts).
 */
export interface Records {
  /** undefined: there is none (any more). */
  read(name: string): Promise<Seen | undefined>
  /**
   * @param seen undefined: there must be none yet.
   * @param liveUntilMs until when somebody is logged in by it, ms since the Unix epoch; 0: nobody is.
   * @returns `moved`: it is no longer what was seen, and nothing was written.
   */
  swap(name: string, seen: Seen | undefined, text: string, liveUntilMs: number): Promise<'swapped' | 'moved'>
  /** How many records of a kind somebody is logged in by. Absent where the store cannot tell. */
  countLive?(kind: string, nowMs: number): Promise<number>
  /** Asks for nothing. */
  ping(): Promise<void>
  close(): Promise<void>
}

/** There is no room for what was to be written. */
export class StoreFull extends Error {}

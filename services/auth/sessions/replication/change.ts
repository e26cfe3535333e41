import type { Static } from 'typebox'
import { Type } from 'typebox'
import type { JsonObject } from '../../credentials/credential-strategy.ts'

const key = Type.String({ minLength: 1, maxLength: 128 })
const userId = Type.String({ minLength: 1, maxLength: 64 })
const timeMs = Type.Number()

/** A session as nodes tell it to each other: found by the hash of its id, which only the client has. */
const SessionChange = Type.Object(
  {
    kind: Type.Literal('session'),
    key,
    userId,
    role: Type.String(),
    loginAt: Type.String(),
    epoch: Type.Number(),
    deadlineMs: timeMs,
    idleDeadlineMs: timeMs,
    family: Type.Optional(Type.String({ maxLength: 64 })),
    /** Counted up by every write; of equal ones the writer with the greater name wins. */
    version: Type.Integer({ minimum: 1 }),
    writer: Type.String(),
    data: Type.Optional(Type.Unsafe<JsonObject>(Type.Object({}, { additionalProperties: true }))),
  },
  { additionalProperties: false },
)

/** Wins over every write of the session, earlier or later. */
const Deletion = Type.Object(
  { kind: Type.Literal('deletion'), key, deadlineMs: timeMs },
  { additionalProperties: false },
)

/** The idle time began anew. */
const Touch = Type.Object(
  { kind: Type.Literal('touch'), key, idleDeadlineMs: timeMs },
  { additionalProperties: false },
)

/** The user's epoch is at least this. */
const EpochChange = Type.Object(
  { kind: Type.Literal('epoch'), userId, epoch: Type.Number() },
  { additionalProperties: false },
)

export const Change = Type.Union([SessionChange, Deletion, Touch, EpochChange])
export type Change = Static<typeof Change>
export type SessionChange = Static<typeof SessionChange>

/** Up to where a node has the changes of another. */
const Position = Type.Object(
  { incarnation: Type.String({ minLength: 1, maxLength: 64 }), seq: Type.Integer({ minimum: 0 }) },
  { additionalProperties: false },
)
export type Position = Static<typeof Position>

/** What one node sends to another: its changes from `firstSeq` on, without a hole. None: a sign of life. */
export const Batch = Type.Object(
  {
    from: Type.String({ minLength: 1, maxLength: 64 }),
    /** Drawn anew each time the sender starts: its numbers begin again then. */
    incarnation: Type.String({ minLength: 1, maxLength: 64 }),
    firstSeq: Type.Integer({ minimum: 1 }),
    changes: Type.Array(Change, { maxItems: 1_000 }),
    /** Up to where the sender has the changes of nodes that it cannot reach: the receiver may have less of them. */
    positions: Type.Optional(Type.Record(Type.String(), Position)),
  },
  { additionalProperties: false },
)
export type Batch = Static<typeof Batch>

/** `full`: at least one session found no room. */
export interface BatchAnswer {
  readonly result: 'taken' | 'full'
}

/** First line of a snapshot; changes follow, a line each, and `{"end":true}`. */
export interface SnapshotHead {
  readonly from: string
  readonly incarnation: string
  /** The sender's own changes up to here are in the snapshot. */
  readonly seq: number
  /** And those of others. */
  readonly positions: Readonly<Record<string, Position>>
}

import { type Static, Type } from 'typebox'
import { FOREIGN_ACTIONS } from '#contract/foreign.ts'

const Text = Type.String({ minLength: 1 })
const Origin = Type.String({ pattern: '^https?://[^/\\s]+/?$' })
const Path = Type.String({ pattern: '^/\\S*$' })
const HeaderTexts = Type.Record(Type.String({ pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$" }), Type.String())
const Pointer = Type.String({ pattern: '^(/[^\\s]*)$' })
const Status = Type.Integer({ minimum: 200, maximum: 599 })
/** A program and its arguments; no shell reads them. */
const CommandLine = Type.Array(Text, { minItems: 1 })
const Commands = Type.Object(
  Object.fromEntries(FOREIGN_ACTIONS.map((action) => [action, Type.Optional(CommandLine)])),
  { additionalProperties: false },
)
const Method = Type.Enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])
const REQUEST = { method: Method, path: Path, headers: Type.Optional(HeaderTexts) }
/** An object is sent as JSON, a text as it stands. */
const Body = Type.Union([Text, Type.Object({}, { additionalProperties: true })])

/** What `--cluster attach:FILE` is told of a service that is not ours. Files are relative to this one. */
export const ForeignSchema = Type.Object(
  {
    name: Type.Optional(Text),
    entrance: Origin,
    /** The header in which an answer names its node. */
    servedBy: Type.Optional(Text),
    nodes: Type.Optional(
      Type.Array(
        Type.Object(
          {
            id: Type.String({ pattern: '^[A-Za-z0-9._-]+$' }),
            url: Type.Optional(Origin),
            pid: Type.Optional(Type.Integer({ minimum: 2 })),
            pidFile: Type.Optional(Text),
            commands: Type.Optional(Commands),
          },
          { additionalProperties: false },
        ),
        { minItems: 1, maxItems: 64 },
      ),
    ),
    requests: Type.Object(
      {
        login: Type.Object({ ...REQUEST, body: Type.Optional(Body) }, { additionalProperties: false }),
        lookup: Type.Object(
          {
            ...REQUEST,
            /** Statuses; 200 and 401 unless given. */
            in: Type.Optional(Type.Array(Status, { minItems: 1 })),
            out: Type.Optional(Type.Array(Status, { minItems: 1 })),
            /** Where the answer names the user. */
            user: Type.Optional(Pointer),
          },
          { additionalProperties: false },
        ),
        logout: Type.Optional(
          Type.Object({ ...REQUEST, body: Type.Optional(Body) }, { additionalProperties: false }),
        ),
      },
      { additionalProperties: false },
    ),
    /** Cookies are kept in any case. */
    token: Type.Optional(
      Type.Object({ pointer: Pointer, headers: HeaderTexts }, { additionalProperties: false }),
    ),
    users: Type.Union([
      Type.Array(Type.Object({ name: Text, password: Text }, { additionalProperties: false }), {
        minItems: 1,
      }),
      Type.Object(
        {
          pattern: Type.String({ pattern: '\\{n\\}' }),
          count: Type.Integer({ minimum: 1, maximum: 100_000 }),
          /** The first number; 1 unless given. */
          from: Type.Optional(Type.Integer({ minimum: 0 })),
          password: Type.Optional(Text),
          passwordFile: Type.Optional(Text),
        },
        { additionalProperties: false },
      ),
    ]),
    /** For every node that has none of its own. `{id}`, `{host}` and `{port}` are the node's. */
    commands: Type.Optional(Commands),
    watchS: Type.Optional(Type.Number({ minimum: 0.5, maximum: 600 })),
  },
  { additionalProperties: false },
)

type Draft = Static<typeof ForeignSchema>
type CommandLines = Readonly<Partial<Record<(typeof FOREIGN_ACTIONS)[number], readonly string[]>>>

/** The file's content once it fits. */
export interface ForeignFile extends Omit<Draft, 'commands' | 'nodes'> {
  readonly commands?: CommandLines
  readonly nodes?: readonly (Omit<NonNullable<Draft['nodes']>[number], 'commands'> & {
    readonly commands?: CommandLines
  })[]
}

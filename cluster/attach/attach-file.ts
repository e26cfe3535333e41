import { dirname, resolve } from 'node:path'
import { type Static, Type } from 'typebox'
import { FORWARDER_NAMES } from '#contract/environment.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import { TOKEN_ALGORITHMS, TOKEN_VERIFIERS } from '#contract/keys.ts'
import { RENEWALS } from '#contract/renewal.ts'
import { demandShape, readAttachJson } from './read-json.ts'

const Address = Type.String({ pattern: '^https?://[^\\s]+$' })
/** A program and its arguments; no shell reads them. `{id}` and `{host}` stand for the part's. */
const CommandLine = Type.Array(Type.String({ minLength: 1 }), { minItems: 1 })
const ACTIONS = ['kill', 'start', 'pause', 'resume', 'stop', 'cut', 'join'] as const

/** What `--cluster attach:FILE` is told of a cluster of ours that runs somewhere. Files are relative to this one. */
const AttachSchema = Type.Object(
  {
    name: Type.Optional(Type.String({ minLength: 1 })),
    control: Type.Object(
      { url: Address, tokenFile: Type.String({ minLength: 1 }) },
      { additionalProperties: false },
    ),
    /** The bearer token of the private listeners. */
    adminTokenFile: Type.String({ minLength: 1 }),
    /** Where this machine reaches parts, by id, where that is not as control reaches them. */
    addresses: Type.Optional(
      Type.Record(
        Type.String(),
        Type.Object({ url: Address, adminUrl: Address }, { additionalProperties: false }),
      ),
    ),
    redisUrl: Type.Optional(Type.String({ pattern: '^rediss?://\\S+$' })),
    /** What it was started with, which cannot be asked of it: results say so. */
    settings: Type.Object(
      {
        users: Type.Integer({ minimum: 1 }),
        forwarder: Type.Enum([...FORWARDER_NAMES]),
        jwtAlgorithm: Type.Enum([...TOKEN_ALGORITHMS]),
        jwtVerifier: Type.Enum([...TOKEN_VERIFIERS]),
        renewal: Type.Optional(Type.Enum([...RENEWALS])),
      },
      { additionalProperties: false },
    ),
    commands: Type.Optional(
      Type.Object(Object.fromEntries(ACTIONS.map((action) => [action, Type.Optional(CommandLine)])), {
        additionalProperties: false,
      }),
    ),
  },
  { additionalProperties: false },
)

export type AttachAction = (typeof ACTIONS)[number]
export interface AttachFile extends Omit<Static<typeof AttachSchema>, 'commands'> {
  readonly commands?: Readonly<Partial<Record<AttachAction, readonly string[]>>>
}

/** The file's content, its token files made absolute. @throws StillinError naming what is wrong in it. */
export function readAttachFile(path: string): AttachFile {
  const { kind, content } = readAttachJson(path)
  if (kind === 'foreign')
    throw new StillinError(`--cluster attach:${path} describes a service that is not stillin's`, {
      exitCode: EXIT.usage,
      hint: 'On such a service demo, chaos, lag and bench work; modes, links and the rest are of a cluster of its own.',
    })
  demandShape(path, AttachSchema, content)
  const file = content as AttachFile
  const absolute = (name: string): string => resolve(dirname(path), name)
  return {
    ...file,
    control: { ...file.control, tokenFile: absolute(file.control.tokenFile) },
    adminTokenFile: absolute(file.adminTokenFile),
  }
}

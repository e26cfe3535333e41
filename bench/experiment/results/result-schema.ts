import { Type } from 'typebox'
import { REFRESH_HOMES } from '#contract/renewal.ts'
import { RESULT_SCHEMA_VERSION, RUN_KINDS } from '#contract/result.ts'
import { Calibration, Lags, SizeCheck, Sweep } from './evidence-schema.ts'
import { Comparison, Interval, Metric, NumberOrNull, Outcomes, Point, Window } from './schema-parts.ts'

const RefreshWindow = Type.Object({
  round: Type.Integer({ minimum: 1 }),
  mode: Type.String(),
  refresh: Type.Enum([...REFRESH_HOMES]),
  point: Type.Literal('saturated'),
  durationMs: Type.Number({ minimum: 0 }),
  outcomes: Outcomes,
  served: Type.Object({ nodeOk: Type.Number() }),
  flags: Type.Array(Type.String()),
})

/** Of a run that measured what a refresh costs. */
const Renewals = Type.Object({
  refreshes: Type.Array(
    Type.Object({
      mode: Type.String(),
      refresh: Type.Enum([...REFRESH_HOMES]),
      metrics: Type.Array(Metric),
      outcomes: Outcomes,
    }),
  ),
  windows: Type.Array(RefreshWindow),
})

const Ledger = Type.Object({
  logins: Type.Object({ failedDuringFault: Type.Integer(), triedDuringFault: Type.Integer() }),
  writes: Type.Object({
    acknowledged: Type.Integer(),
    lost: Type.Integer(),
    lostWithLogin: Type.Integer(),
  }),
  falseLogouts: Type.Object({ users: Type.Integer(), lasting: Type.Integer() }),
  pinsMoved: NumberOrNull,
  loggedOut: Type.Object({ asked: Type.Integer(), accepted: Type.Integer(), expected: Type.String() }),
  reLogins: Type.Object({ users: Type.Integer(), cpuMsEach: NumberOrNull }),
})

const Failure = Type.Object({
  mode: Type.String(),
  fault: Type.String(),
  seed: Type.Integer(),
  ratePerS: Type.Number(),
  durationMs: Type.Number(),
  faultAtMs: Type.Number(),
  healAtMs: Type.Number(),
  steady: Type.Object({ before: Type.Boolean(), after: Type.Boolean() }),
  outcomes: Outcomes,
  bins: Type.Array(
    Type.Object({
      atMs: Type.Number(),
      intended: Type.Integer(),
      outcomes: Type.Record(Type.String(), Type.Integer()),
      p50Ms: NumberOrNull,
      p99Ms: NumberOrNull,
    }),
  ),
  events: Type.Array(Type.Object({ atMs: Type.Number() })),
  ledger: Type.Optional(Ledger),
  survival: Type.Object({
    users: Type.Integer(),
    lost: Type.Integer(),
    verdict: Type.Enum(['valid', 'invalid', 'unknown']),
    detail: Type.String(),
  }),
  revocation: Type.Object({
    probes: Type.Integer(),
    acknowledged: Type.Integer(),
    lagsMs: Type.Array(Type.Number()),
    unfinished: Type.Integer(),
    declared: Type.String(),
  }),
  metrics: Type.Array(Metric),
})

/**
 * What every result file holds. Members beyond these may be there: a later minor version adds, and never takes away.
 * docs/result.schema.json is this schema, written out (test/bench/experiment/result-schema.test.ts keeps them equal).
 */
export const ResultSchema = Type.Object(
  {
    schemaVersion: Type.Literal(RESULT_SCHEMA_VERSION),
    kind: Type.Enum([...RUN_KINDS]),
    id: Type.String(),
    startedAt: Type.String(),
    durationS: Type.Number({ minimum: 0 }),
    seed: Type.Integer(),
    command: Type.String(),
    configuration: Type.Object({
      modes: Type.Array(Type.String()),
      nodes: Type.Integer({ minimum: 1 }),
      via: Type.Enum(['proxy', 'nodes']),
      forwarder: Type.String(),
      connections: Type.Integer(),
      rounds: Type.Integer(),
      windowMs: Type.Number(),
      ratePerS: NumberOrNull,
      users: Type.Integer(),
      renewal: Type.Optional(Type.String()),
    }),
    environment: Type.Object({
      cpuModel: Type.String(),
      cores: Type.Integer(),
      kernel: Type.String(),
      node: Type.String(),
      lockfileSha256: Type.String(),
      gitSha: Type.Union([Type.String(), Type.Null()]),
      redis: Type.Union([
        Type.Object({
          version: Type.String(),
          origin: Type.String(),
          roundTripMs: Type.Object({ p50: Type.Number(), p99: Type.Number() }),
        }),
        Type.Null(),
      ]),
    }),
    arms: Type.Array(Type.Object({ arm: Type.String(), metrics: Type.Array(Metric) })),
    comparisons: Type.Array(Comparison),
    noise: Type.Array(
      Type.Object({ metric: Type.String(), point: Point, ratio: Type.Number(), interval: Interval }),
    ),
    windows: Type.Array(Window),
    failures: Type.Array(Failure),
    renewals: Type.Optional(Renewals),
    sweep: Type.Optional(Sweep),
    calibration: Type.Optional(Calibration),
    sizeCheck: Type.Optional(SizeCheck),
    lags: Type.Optional(Lags),
    checks: Type.Array(
      Type.Object({
        name: Type.String(),
        ok: Type.Boolean(),
        detail: Type.String(),
        voids: Type.Enum(['run', 'latency', 'nothing']),
      }),
    ),
    leftOut: Type.Array(Type.String()),
    sentences: Type.Array(Type.String()),
    valid: Type.Boolean(),
    interrupted: Type.Boolean(),
  },
  {
    title: 'stillin result',
    description: 'result.json of a stillin run; shapes and units in contract/result.ts',
  },
)

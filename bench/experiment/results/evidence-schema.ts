import { Type } from 'typebox'
import { LAG_KINDS, REVOCATION_ENDS } from '#contract/lag.ts'
import { COST_MODELS } from '#contract/sizing.ts'
import { SWEEP_VARIABLES } from '#contract/sweep.ts'
import { Comparison, Interval, Metric, NumberOrNull, Point, Window } from './schema-parts.ts'

const MaybeInterval = Type.Union([Interval, Type.Null()])
const Centre = Type.Object({ value: Type.Number(), interval: MaybeInterval })

export const Sweep = Type.Object({
  over: Type.Enum([...SWEEP_VARIABLES]),
  unit: Type.String(),
  steps: Type.Array(
    Type.Object({
      value: Type.Union([Type.Number(), Type.String()]),
      at: NumberOrNull,
      ratePerS: Type.Number(),
      redisRoundTripMs: Type.Union([Type.Object({ p50: Type.Number(), p99: Type.Number() }), Type.Null()]),
      arms: Type.Array(Type.Object({ arm: Type.String(), metrics: Type.Array(Metric) })),
      comparisons: Type.Array(Comparison),
      windows: Type.Array(Window),
    }),
  ),
  relations: Type.Array(
    Type.Object({
      arm: Type.String(),
      against: Type.String(),
      metric: Type.String(),
      point: Point,
      better: Type.Array(Type.Union([Type.String(), Type.Null()])),
      crossings: Type.Array(
        Type.Object({
          below: Type.String(),
          above: Type.String(),
          between: Interval,
          at: Type.Union([Type.Object({ estimate: Type.Number(), interval: Interval }), Type.Null()]),
        }),
      ),
    }),
  ),
  ends: Type.Optional(
    Type.Array(
      Type.Object({
        mode: Type.String(),
        metric: Type.String(),
        point: Point,
        low: Centre,
        high: Centre,
        ratio: Type.Number(),
        interval: MaybeInterval,
        baseline: Type.Union([Type.Object({ ratio: Type.Number(), interval: MaybeInterval }), Type.Null()]),
        claimed: Type.Boolean(),
      }),
    ),
  ),
})

export const Calibration = Type.Object({
  mode: Type.String(),
  rounds: Type.Integer(),
  comparisons: Type.Integer(),
  blockRounds: Type.Integer(),
  requestCpuUs: Type.Number(),
  effects: Type.Array(
    Type.Object({
      name: Type.String(),
      metric: Type.String(),
      point: Point,
      planted: NumberOrNull,
      ratio: Type.Number(),
      interval: Interval,
      detections: Type.Array(
        Type.Object({ rounds: Type.Integer(), share: Type.Number(), draws: Type.Integer() }),
      ),
      separate: Type.Object({ runs: Type.Integer(), found: Type.Integer() }),
    }),
  ),
})

const Model = Type.Enum([...COST_MODELS])

export const SizeCheck = Type.Object({
  resultId: Type.String(),
  utilisation: Type.Number(),
  nodes: Type.Integer({ minimum: 1 }),
  cores: Type.Number(),
  capacities: Type.Array(
    Type.Object({ mode: Type.String(), model: Model, ratePerS: Type.Number(), boundBy: Type.String() }),
  ),
  loads: Type.Array(
    Type.Object({
      mode: Type.String(),
      share: Type.Number(),
      ratePerS: Type.Number(),
      figures: Type.Array(
        Type.Object({
          name: Type.String(),
          measured: NumberOrNull,
          interval: Type.Union([Interval, Type.Null()]),
          reason: Type.Optional(Type.String()),
          projected: Type.Record(Type.String(), Type.Object({ value: NumberOrNull, error: NumberOrNull })),
        }),
      ),
      doubts: Type.Array(Type.String()),
      windows: Type.Array(Window),
    }),
  ),
  errors: Type.Array(
    Type.Object({
      name: Type.String(),
      model: Model,
      n: Type.Integer(),
      least: Type.Number(),
      most: Type.Number(),
      median: Type.Number(),
    }),
  ),
  differences: Type.Array(Type.String()),
})

const Spread = Type.Object({
  count: Type.Integer(),
  p50: Type.Number(),
  p99: Type.Number(),
  max: Type.Number(),
})
const NodeLag = Type.Object({
  lag: Spread,
  answeredMaxMs: Type.Number(),
  questions: Type.Integer(),
  unavailable: Type.Integer(),
  unanswered: Type.Integer(),
  unfinished: Type.Integer(),
})
const Kind = Type.Enum([...LAG_KINDS])

export const Lags = Type.Object({
  plain: Type.Array(
    Type.Object({
      mode: Type.String(),
      kind: Kind,
      promise: Type.String(),
      boundMs: NumberOrNull,
      lifetimeS: Type.Number(),
      asked: Type.Integer(),
      acknowledged: Type.Integer(),
      nodes: Type.Array(Type.Object({ id: Type.String(), lagsMs: Type.Array(Type.Number()) })),
      lag: Spread,
      unfinished: Type.Integer(),
      gap: Spread,
      kept: Type.Union([Type.Boolean(), Type.Null()]),
    }),
  ),
  underFault: Type.Array(
    Type.Object({
      mode: Type.String(),
      fault: Type.String(),
      part: Type.String(),
      forMs: Type.Number(),
      lifetimeS: Type.Number(),
      steady: Type.Boolean(),
      gap: Spread,
      probes: Type.Array(
        Type.Object({
          kind: Kind,
          end: Type.Enum([...REVOCATION_ENDS]),
          answeredAtMs: Type.Number(),
          nodes: Type.Array(
            Type.Object({ id: Type.String(), lagMs: Type.Number(), answeredMs: Type.Number() }),
          ),
        }),
      ),
      rows: Type.Array(
        Type.Object({
          when: Type.Enum(['before', 'during']),
          kinds: Type.Array(Kind),
          promise: Type.String(),
          boundMs: NumberOrNull,
          ends: Type.Object(Object.fromEntries(REVOCATION_ENDS.map((end) => [end, Type.Integer()]))),
          all: NodeLag,
          nodes: Type.Array(
            Type.Intersect([Type.Object({ id: Type.String(), hit: Type.Boolean() }), NodeLag]),
          ),
          verdict: Type.String(),
        }),
      ),
    }),
  ),
})

import { Type } from 'typebox'
import { OUTCOMES } from '#contract/outcomes.ts'

export const NumberOrNull = Type.Union([Type.Number(), Type.Null()])
export const Interval = Type.Tuple([Type.Number(), Type.Number()])
export const Point = Type.Enum(['saturated', 'equal-rate', 'failure'])
export const Outcomes = Type.Object(
  Object.fromEntries(OUTCOMES.map((outcome) => [outcome, Type.Integer({ minimum: 0 })])),
)

export const Metric = Type.Object({
  name: Type.String(),
  value: NumberOrNull,
  unit: Type.String(),
  point: Point,
  n: Type.Integer({ minimum: 0 }),
  interval: Type.Union([Interval, Type.Null()]),
  valid: Type.Boolean(),
  reason: Type.Optional(Type.String()),
})

export const Window = Type.Object({
  round: Type.Integer({ minimum: 1 }),
  arm: Type.String(),
  visit: Type.Enum([0, 1]),
  point: Point,
  durationMs: Type.Number({ minimum: 0 }),
  outcomes: Outcomes,
  cpuUs: Type.Object({
    node: Type.Number(),
    nodeLoop: Type.Number(),
    proxy: NumberOrNull,
    store: NumberOrNull,
    generator: Type.Number(),
  }),
  nodeBusy: Type.Optional(Type.Number({ minimum: 0 })),
  served: Type.Object({ nodeOk: Type.Number(), nodeLookups: Type.Number(), proxyOk: NumberOrNull }),
  setCookies: Type.Optional(Type.Integer({ minimum: 0 })),
  byNode: Type.Record(Type.String(), Type.Number()),
  flags: Type.Array(Type.String()),
})

export const Comparison = Type.Object({
  arm: Type.String(),
  against: Type.String(),
  metric: Type.String(),
  point: Point,
  ratio: Type.Number(),
  interval: Interval,
  claimed: Type.Boolean(),
})

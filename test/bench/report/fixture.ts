import { gzipSync } from 'node:zlib'
import { formatRevocation, MODES, type ModeName } from '#contract/modes.ts'
import { emptyOutcomeCounts, OUTCOMES } from '#contract/outcomes.ts'
import {
  type ArmResult,
  type Comparison,
  type FailureRun,
  type Metric,
  type MetricName,
  type Point,
  RESULT_SCHEMA_VERSION,
  type RunResult,
  type TimelineBin,
} from '#contract/result.ts'

export const FIXTURE_MODES = [
  'local',
  'sticky',
  'redis',
  'cookie',
  'jwt',
] as const satisfies readonly ModeName[]
type FixtureMode = (typeof FIXTURE_MODES)[number]
type FixtureArm = FixtureMode | 'baseline'

/** A metric that spread ± a few percent over the rounds. */
export function metric(
  name: MetricName,
  unit: string,
  point: Point,
  value: number | null,
  more: Partial<Metric> = {},
): Metric {
  const interval = value === null ? null : ([value * 0.97, value * 1.04] as const)
  return { name, unit, point, value, n: 8, interval, valid: true, ...more }
}

interface Costs {
  p50: number
  p99: number
  node: number
  saturated: number
  store: number
  up: number
  down: number
  refused: number
}

const COSTS: Readonly<Record<FixtureArm, Costs>> = {
  baseline: { p50: 0.6, p99: 2.9, node: 83, saturated: 17.2, store: 0, up: 118, down: 214, refused: 0 },
  local: { p50: 0.7, p99: 3.4, node: 341, saturated: 34.9, store: 0, up: 214, down: 297, refused: 0.6667 },
  sticky: { p50: 0.7, p99: 3.3, node: 124, saturated: 35.3, store: 0, up: 271, down: 391, refused: 0 },
  redis: { p50: 0.9, p99: 4.8, node: 221, saturated: 46.2, store: 13.4, up: 214, down: 294, refused: 0 },
  cookie: { p50: 0.7, p99: 3.6, node: 118, saturated: 31.4, store: 0, up: 361, down: 294, refused: 0 },
  jwt: { p50: 0.8, p99: 4.1, node: 158, saturated: 59.7, store: 0, up: 402, down: 291, refused: 0 },
}

const RATE = 1230

function armResult(arm: FixtureArm): ArmResult {
  const c = COSTS[arm]
  const accepted = 1 - c.refused
  const outcomes = { ...emptyOutcomeCounts(), ok: Math.round(9840 * accepted) }
  outcomes.refused_as_expected = 9840 - outcomes.ok
  const curve = [50, 75, 90, 95, 99, 99.9].map(
    (p) => [p, c.p50 + (c.p99 - c.p50) * (Math.log10(1 / (1 - p / 100)) / 2) ** 1.7] as const,
  )
  const late = arm === 'cookie'
  return {
    arm,
    metrics: [
      metric('throughputPerS', '/s', 'saturated', 760_000 / c.saturated),
      metric('nodeCpuUs', 'µs', 'saturated', c.saturated),
      metric('storeCpuUs', 'µs', 'saturated', c.store / 1.9),
      metric('responseP50Ms', 'ms', 'equal-rate', c.p50),
      late
        ? metric('responseP99Ms', 'ms', 'equal-rate', null, {
            interval: null,
            valid: false,
            reason: 'cookie: the generator was late in 3 of 8 windows (p99 of lateness 6.1 ms)',
          })
        : metric('responseP99Ms', 'ms', 'equal-rate', c.p99),
      metric('goodputPerS', '/s', 'equal-rate', RATE * accepted),
      metric('proxyCpuUs', 'µs', 'equal-rate', 143 / accepted),
      metric('nodeCpuUs', 'µs', 'equal-rate', c.node),
      metric('storeCpuUs', 'µs', 'equal-rate', c.store),
      metric('bytesUp', 'B', 'equal-rate', c.up, { interval: null }),
      metric('bytesDown', 'B', 'equal-rate', c.down, { interval: null }),
      metric('refusedShare', 'share', 'equal-rate', c.refused, { interval: null }),
    ],
    outcomes: { saturated: { ...emptyOutcomeCounts(), ok: 87_000 }, 'equal-rate': outcomes },
    histograms: { responseUs: gzipSync(arm).toString('base64'), serviceUs: gzipSync(arm).toString('base64') },
    percentiles: { response: curve, service: curve.map(([p, ms]) => [p, ms * 0.8] as const) },
  }
}

function comparison(arm: FixtureMode, point: Point): Comparison {
  const key = point === 'saturated' ? 'saturated' : 'node'
  // One mode that cannot be told from the baseline at the equal rate.
  const same = arm === 'cookie' && point === 'equal-rate'
  const ratio = same ? 1.02 : COSTS[arm][key] / COSTS.baseline[key]
  return {
    arm,
    against: 'baseline',
    metric: 'nodeCpuUs',
    point,
    ratio,
    interval: same ? [0.97, 1.08] : [ratio * 0.972, ratio * 1.031],
    p: same ? 0.38 : 0.0078,
    pHolm: same ? 0.38 : 0.039,
    claimed: !same,
    n: 8,
  }
}

const DURATION_MS = 12_000
const FAULT_AT_MS = 3_000
const HEAL_AT_MS = 7_000
const FAILURE_RATE = 300

function binOf(mode: ModeName, atMs: number): TimelineBin {
  const intended = FAILURE_RATE / 10
  const blind = atMs >= FAULT_AT_MS && atMs < FAULT_AT_MS + 600
  const down = atMs >= FAULT_AT_MS && atMs < HEAL_AT_MS
  const forgets = MODES[mode].store === 'node-memory'
  const unreachable = blind ? 6 : 0
  const lost = mode === 'sticky' && atMs >= FAULT_AT_MS && !blind ? 10 : 0
  const refused = mode === 'local' ? (down ? 17 : 20) : 0
  const ok = intended - unreachable - lost - Math.min(refused, intended - unreachable - lost)
  const base = 1.1 + (atMs % 700) / 1000
  return {
    atMs,
    intended,
    outcomes: {
      ok,
      ...(refused > 0 ? { refused_as_expected: intended - unreachable - lost - ok } : {}),
      ...(unreachable > 0 ? { '502_proxy': 4, reset: 2 } : {}),
      ...(lost > 0 ? { unexpected_401: lost } : {}),
    },
    p50Ms: ok === 0 ? null : base,
    p99Ms: ok === 0 ? null : base * (blind ? 24 : forgets ? 3 : 4),
  }
}

/** A run in which node-2 of three was killed at 3 s and started again at 7 s. */
export function failureRun(mode: ModeName, more: Partial<FailureRun> = {}): FailureRun {
  const bins = Array.from({ length: DURATION_MS / 100 }, (_, at) => binOf(mode, at * 100))
  const outcomes = emptyOutcomeCounts()
  for (const bin of bins) for (const outcome of OUTCOMES) outcomes[outcome] += bin.outcomes[outcome] ?? 0
  const forgets = MODES[mode].store === 'node-memory'
  const failed = 36 + outcomes.unexpected_401
  const one = { n: 1, interval: null }
  const expires = MODES[mode].store === 'client'
  return {
    mode,
    fault: 'kill-node',
    seed: 42,
    ratePerS: FAILURE_RATE,
    durationMs: DURATION_MS,
    faultAtMs: FAULT_AT_MS,
    healAtMs: HEAL_AT_MS,
    steady: { before: true, after: true },
    outcomes,
    bins,
    events: [
      { atMs: FAULT_AT_MS, source: 'harness', kind: 'kill', part: 'node-2', detail: 'SIGKILL' },
      { atMs: 3412, source: 'proxy', kind: 'ejected', part: 'node-2', detail: '3 failures in a row' },
      { atMs: HEAL_AT_MS, source: 'harness', kind: 'start', part: 'node-2' },
      { atMs: 7890, source: 'proxy', kind: 'readmitted', part: 'node-2' },
    ],
    survival: {
      users: 300,
      lost: forgets ? 101 : 0,
      lostOfDeadNode: forgets ? 101 : 0,
      allowed: MODES[mode].survives,
      verdict: 'valid',
      detail: forgets ? '101 of 300 logins lost, all held by node-2' : '300 of 300 logins survived',
    },
    revocation: {
      probes: 6,
      credentialLifetimeS: 5,
      lagsMs: expires ? [4620, 4710, 4890, 4700, 4655, 4801] : mode === 'local' ? [0, 0] : [0, 0, 0, 0, 0, 0],
      acknowledged: mode === 'local' ? 2 : 6,
      unfinished: 0,
      declared: formatRevocation(MODES[mode]),
    },
    metrics: [
      metric('availability', 'share', 'failure', 1 - failed / 3600, one),
      metric('lostRequestSeconds', 's', 'failure', failed / FAILURE_RATE, one),
      metric('detectMs', 'ms', 'failure', 412, one),
      mode === 'sticky'
        ? metric('recoverMs', 'ms', 'failure', null, {
            ...one,
            reason: 'never within the run',
          })
        : metric('recoverMs', 'ms', 'failure', 700, one),
      metric('loginsLostShare', 'share', 'failure', forgets ? 101 / 300 : 0, one),
      metric('failedRequests', 'requests', 'failure', failed, one),
      metric('revocationLagMs', 'ms', 'failure', expires ? 4890 : 0, one),
    ],
    ...more,
  }
}

const ENVIRONMENT: RunResult['environment'] = {
  cpuModel: 'Example CPU @ 2.50GHz',
  cores: 2,
  memoryBytes: 8_350_000_000,
  cgroupCpuLimit: null,
  kernel: '6.12.0',
  platform: 'linux x64',
  hypervisor: 'KVM',
  node: 'v24.21.0',
  v8: '13.6.233',
  openssl: '3.5.4',
  lockfileSha256: '6b8f4f4b3e1f0d7c2a9e5d8c7b6a5f4e3d2c1b0a9f8e7d6c5b4a392817263544',
  gitSha: '6e0b4a8c1d',
  gitDirty: false,
  redis: { version: '7.0.15', origin: 'redis-server on the PATH', roundTripMs: { p50: 0.043, p99: 0.118 } },
  forwarder: 'http-proxy',
  loadBefore: 0.31,
  loadAfter: 1.62,
}

/** A verdict run over five modes as a real one leaves it: one figure invalid, one difference not claimed. */
export function fixture(more: Partial<RunResult> = {}): RunResult {
  const arms: readonly FixtureArm[] = ['baseline', ...FIXTURE_MODES]
  return {
    schemaVersion: RESULT_SCHEMA_VERSION,
    kind: 'verdict',
    id: '2025-11-20T12-00-00-6e0b4a8',
    startedAt: '2025-11-20T12:00:00.000Z',
    durationS: 168.4,
    seed: 42,
    command: 'npx stillin verdict --seed 42',
    configuration: {
      modes: FIXTURE_MODES,
      nodes: 3,
      via: 'proxy',
      forwarder: 'http-proxy',
      connections: 32,
      rounds: 8,
      windowMs: 500,
      ratePerS: RATE,
      users: 1000,
      jwtAlgorithm: 'HS256',
      jwtVerifier: 'jose',
      plant: null,
    },
    environment: ENVIRONMENT,
    arms: arms.map(armResult),
    comparisons: (['saturated', 'equal-rate'] as const).flatMap((point) =>
      FIXTURE_MODES.map((mode) => comparison(mode, point)),
    ),
    noise: [
      { metric: 'nodeCpuUs', point: 'saturated', ratio: 1.006, interval: [0.981, 1.034] },
      { metric: 'nodeCpuUs', point: 'equal-rate', ratio: 0.991, interval: [0.94, 1.052] },
    ],
    windows: [],
    failures: FIXTURE_MODES.map((mode) => failureRun(mode)),
    checks: [
      { name: 'achieved rate', ok: true, detail: '99.6 % of the target or more', voids: 'run' },
      { name: 'sum of outcomes', ok: true, detail: 'sent 59,040 = outcomes 59,040', voids: 'run' },
      { name: 'right user', ok: true, detail: 'every answer named the user asked for', voids: 'run' },
      {
        name: 'lateness',
        ok: false,
        detail: 'p99 6.1 ms in 3 of 8 windows',
        arm: 'cookie',
        voids: 'latency',
      },
    ],
    leftOut: ['tail latency beyond p99.9: fewer than 10,000 samples a mode'],
    sentences: [
      'When one of three nodes was killed, local and sticky lost 101 of 300 logins each; redis, cookie and jwt lost none.',
      'At saturation a lookup costs 2.69 times the baseline’s node CPU in redis and 3.47 times in jwt (HS256 by jose), with Redis 0.043 ms away.',
      'A logout takes hold at once in sticky and redis; in cookie and jwt the old credential was accepted until it expired.',
    ],
    valid: true,
    interrupted: false,
    ...more,
  }
}

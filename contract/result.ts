import type { CalibrationEvidence } from './calibration.ts'
import type { LagEvidence } from './lag.ts'
import type { MigrationEvidence } from './migration.ts'
import type { Mix } from './mix.ts'
import type { ArmName, FaultName, Guarantee, ModeName } from './modes.ts'
import type { OutageLedger, OutagePolicy } from './outage.ts'
import type { Outcome, OutcomeCounts } from './outcomes.ts'
import type { RefreshHome } from './renewal.ts'
import type { SessionReaderName } from './session-readers.ts'
import type { SizeCheckEvidence } from './sizing.ts'
import type { StoreName } from './stores.ts'
import type { SweepEvidence } from './sweep.ts'

/** A file of another version is refused by name. */
export const RESULT_SCHEMA_VERSION = 1

/**
 * Under which conditions a figure was taken.
 * `saturated`: closed loop, one node, 32 connections. `equal-rate`: open loop, one rate for all arms, stated in
 * `configuration.ratePerS`. `failure`: open loop, with a fault in the middle.
 */
export type Point = 'saturated' | 'equal-rate' | 'failure'

export interface Metric {
  name: MetricName
  /** null: could not be measured; `reason` says why. */
  value: number | null
  unit: string
  point: Point
  /** How many independent values it rests on (rounds or runs, never requests). */
  n: number
  /** 95 % interval over those values; null where there is none. */
  interval: readonly [number, number] | null
  valid: boolean
  reason?: string
}

/**
 * Times end in Ms, CPU in Us. CPU figures are a tier's CPU time per successful request; `serverCpuUs` is node and store
 * together, `nodeLoopCpuUs` the event loop's share of the node's. `nodeBusyShare` is of the time, of the event loop of the
 * one node that is asked at `saturated`.
 * `responseP50Ms` runs from the intended time, `serviceP50Ms` from the moment of sending; both over `ok` only.
 */
export type MetricName =
  | 'throughputPerS'
  | 'goodputPerS'
  | 'nodeCpuUs'
  | 'nodeLoopCpuUs'
  | 'nodeBusyShare'
  | 'proxyCpuUs'
  | 'storeCpuUs'
  | 'serverCpuUs'
  | 'generatorCpuUs'
  | 'responseP50Ms'
  | 'responseP99Ms'
  | 'serviceP50Ms'
  | 'serviceP99Ms'
  | 'bytesUp'
  | 'bytesDown'
  | 'storeCommands'
  | 'setCookies'
  | 'refusedShare'
  | 'availability'
  | 'lostRequestSeconds'
  | 'detectMs'
  | 'recoverMs'
  | 'loginsLostShare'
  | 'failedRequests'
  | 'revocationLagMs'

/** One arm over all rounds. */
export interface ArmResult {
  arm: ArmName
  metrics: readonly Metric[]
  outcomes: { saturated: OutcomeCounts; 'equal-rate': OutcomeCounts }
  /** HdrHistogram V2, compressed, base64; µs; `ok` only; merged over rounds. */
  histograms: { responseUs: string; serviceUs: string }
  /** Points of the percentile curve read off those histograms: [percentile, ms]. */
  percentiles: {
    response: readonly (readonly [number, number])[]
    service: readonly (readonly [number, number])[]
  }
}

/** One window of one round, as measured: the raw rows behind every metric. */
export interface WindowRow {
  round: number
  arm: ArmName
  /** Two visits of `baseline` a round; 1 is the second. */
  visit: 0 | 1
  /** Which start of the stack, from 1, where it was started more than once. */
  stack?: number
  point: 'saturated' | 'equal-rate'
  durationMs: number
  outcomes: OutcomeCounts
  cpuUs: { node: number; nodeLoop: number; proxy: number | null; store: number | null; generator: number }
  /**
   * Of a closed window: for which share of it the event loop of the node that was asked did not wait for anything, as
   * the loop itself counts. Absent in older files.
   */
  nodeBusy?: number
  /** The servers' own counts between the same two readings that the CPU times come from: the denominators of cost. */
  served: {
    nodeOk: number
    /** Answers of every kind: of the mix, where one was sent. */
    nodeLookups: number
    proxyOk: number | null
  }
  storeCommands: number | null
  bytesUp: number
  bytesDown: number
  /** `set-cookie` lines received; absent in older files. */
  setCookies?: number
  latencyMs: {
    responseP50: number | null
    responseP99: number | null
    serviceP50: number | null
    serviceP99: number | null
  }
  latenessMs: { p50: number | null; p99: number | null }
  /** Answers of each node in this window. */
  byNode: Readonly<Record<string, number>>
  /** Why this window is noisy or its latency void; empty: neither. */
  flags: readonly string[]
}

/** One arm against another (as a rule a mode against the baseline) in one metric: ratio = arm ÷ against. */
export interface Comparison<A extends string = ArmName> {
  arm: A
  against: A
  metric: MetricName
  point: Point
  /** exp(Hodges–Lehmann estimate) of the paired log ratios, and its exact signed-rank interval. */
  ratio: number
  interval: readonly [number, number]
  /** Exact two-sided signed-rank p, and after Holm's correction over this run's family. */
  p: number
  pHolm: number
  /** True: p below 0.05 after correction and beyond the noise floor. False prints `~`. */
  claimed: boolean
  n: number
}

/** The two baseline visits of each round against each other: what this run cannot tell apart. */
export interface NoiseFloor {
  metric: MetricName
  point: Point
  ratio: number
  interval: readonly [number, number]
}

/** A self-check of the harness. A failed one makes the run invalid, or the arm's latency alone. */
export interface SelfCheck {
  name: string
  ok: boolean
  /** What was seen, in words with figures. */
  detail: string
  arm?: ArmName | ProxyArmName
  /** What a failure voids. */
  voids: 'run' | 'latency' | 'nothing'
}

/** What stands before the nodes; `direct`: nothing does. */
export type ProxyArmName = 'direct' | 'http-proxy' | 'undici' | 'haproxy' | 'nginx'

/** Proxies side by side: the same nodes, the same route without a check, the same load. */
export interface ProxyEvidence {
  arms: readonly ProxyArmResult[]
  comparisons: readonly Comparison<ProxyArmName>[]
  /** One arm against itself: its two visits of each round. */
  noise: readonly (NoiseFloor & { arm: ProxyArmName })[]
  windows: readonly ProxyWindowRow[]
}

export interface ProxyArmResult {
  arm: ProxyArmName
  version: string
  /** `proxyCpuUs` and `throughputPerS` by point, and the response's p50 and p99 at the equal rate. */
  metrics: readonly Metric[]
  outcomes: { saturated: OutcomeCounts; 'equal-rate': OutcomeCounts }
}

/** One window through one proxy. `saturated` is a closed loop through the proxy, over all nodes. */
export interface ProxyWindowRow {
  round: number
  visit: 0 | 1
  arm: ProxyArmName
  point: 'saturated' | 'equal-rate'
  durationMs: number
  outcomes: OutcomeCounts
  /** Successes that ended between the edges, and the time between them. */
  completedOk: number
  edgesMs: number
  /** CPU of the proxy with its children between two readings, and the time between these; null: not to be had. */
  proxyCpu: { us: number; readingsMs: number } | null
  latencyMs: { responseP50: number | null; responseP99: number | null; serviceP50: number | null }
  byNode: Readonly<Record<string, number>>
  flags: readonly string[]
}

export interface TimelineEvent {
  /** ms from the start of the run. */
  atMs: number
  source: 'harness' | 'proxy' | 'node'
  kind: string
  part?: string
  detail?: string
}

/** 100 ms of a failure run by intended time. */
export interface TimelineBin {
  atMs: number
  intended: number
  outcomes: Partial<Record<Outcome, number>>
  /** Over `ok`; null where there was none. */
  p50Ms: number | null
  p99Ms: number | null
}

/** One fault in one mode, once. */
export interface FailureRun {
  mode: ModeName
  /** `schedule`: several in a row, each among the events. */
  fault: FaultName | 'schedule'
  /** What the fault does, in a line. Absent in results of earlier versions. */
  summary?: string
  seed: number
  ratePerS: number
  durationMs: number
  /** The fault's band, ms from the start. */
  faultAtMs: number
  healAtMs: number
  steady: { before: boolean; after: boolean; reason?: string }
  outcomes: OutcomeCounts
  bins: readonly TimelineBin[]
  events: readonly TimelineEvent[]
  survival: Survival
  revocation: RevocationProbe
  /** Absent in results of earlier versions. */
  ledger?: FailureLedger
  /** Of a run that asks what an outage of the store lets in. */
  outage?: OutageLedger
  metrics: readonly Metric[]
}

/** What people were promised beside their login, and what they then saw. Its probes run beside the load, through the entrance. */
export interface FailureLedger {
  /** Real logins with a password, four a second: apart from lookups, since an outage may take one and not the other. */
  logins: { tried: number; failed: number; triedDuringFault: number; failedDuringFault: number }
  /** `lost`: users whose last acknowledged write is gone though their login lives; `lostWithLogin`: though acknowledged, gone with it. */
  writes: { tried: number; acknowledged: number; lost: number; lostWithLogin: number }
  /** Users who were refused though a node still accepts their login; `lasting`: so to the end of the run. */
  falseLogouts: { users: number; lasting: number }
  /** How often a pinned user was answered by another node than before; null: the mode pins nobody. */
  pinsMoved: number | null
  /** Questions with credentials that were logged out before the fault, and what the mode's table says of them. */
  loggedOut: {
    asked: number
    accepted: number
    expected: 'accept' | 'refuse' | 'by-chance' | 'none'
    /** The same by user: how many were logged out, and who of them was let in at least once. Absent in earlier results. */
    users?: { asked: number; accepted: number }
  }
  /** Questions with a forged credential; null: the fault makes none. Times from the fault, and from the end of the healing. */
  forged: { asked: number; accepted: number; acceptedForMs: number; acceptedAfterHealMs: number } | null
  /** Where the fault was a node that joined; absent in all others. */
  joined?: JoinedLedger
  /** Users who must log in again, and the CPU of a node for one login, ms, measured at rest; null: not measured. */
  reLogins: { users: number; cpuMsEach: number | null }
}

/** What a node that joined changed for the load. Shares are of the lookups due in that stretch; null: none was. */
export interface JoinedLedger {
  node: string
  /** From the order until the proxy gave it traffic, ms. */
  readyMs: number
  /** Answered by it in the second half of its stay: the proxy gives a newcomer traffic slowly for its first 10 s. */
  answeredShare: number | null
  /** Accepted: before the order, in the second half of its stay, and after it was taken out. */
  accepted: { before: number | null; during: number | null; after: number | null }
  /** Logins that began at it, and those of them that no node accepted when it had been taken out. */
  begun: { users: number; lost: number }
}

/** Who is still in: every live login is put to every node before the fault and after the heal. */
export interface Survival {
  /** Logins that at least one node accepted before the fault. */
  users: number
  /** Of those, accepted by no node afterwards. */
  lost: number
  /** Of those lost, held by the node that died (as far as one can tell who held them). */
  lostOfDeadNode: number
  /** What the mode's table allows. */
  allowed: Guarantee
  /** `valid`: no login was lost that the table promises. */
  verdict: 'valid' | 'invalid' | 'unknown'
  detail: string
}

/** How long a logged-out credential was still accepted. */
export interface RevocationProbe {
  /** How many logouts were timed, and the lifetime of those credentials. */
  probes: number
  /** Logouts that were answered with success; the others were refused, and their user is still in somewhere. */
  acknowledged: number
  credentialLifetimeS: number
  /** Per acknowledged logout: last accept minus acknowledgement, ms; 0: never accepted again. */
  lagsMs: readonly number[]
  /**
   * The longest time between an acknowledgement and the first question, or between two questions to a node that was not
   * yet believed to refuse: what was shorter may not have been seen. Absent in results of earlier versions.
   */
  gapMs?: number
  /** Of the acknowledged, those that some node still accepted when the watching ended. */
  unfinished: number
  /** Of the acknowledged, those that no node accepted any more then, but that not every node had refused: one was away, or in another mode. Absent: none. */
  unclear?: number
  /** The answer header's words: `at-once`, `at-expiry;s=300`, … */
  declared: string
}

/** Every login of a mode lost at once, and everybody logging in again. */
export interface StormRun {
  mode: ModeName
  users: number
  /** How the logins were lost. */
  wipe: string
  /** Still in after the wipe; not in again when the watching ended. */
  neverOut: number
  neverBack: number
  loginsTried: number
  loginsFailed: number
  /** From the moment when all were out until half of them, or all, were in again; null: so many never were. */
  halfBackMs: number | null
  allBackMs: number | null
  /**
   * CPU of all nodes per login made, ms: finding oneself out and being turned away included, and less what the lookups
   * of those who were in had cost before; null: none was made.
   */
  nodeCpuMsEach: number | null
  /** CPU of all nodes ÷ time. */
  nodeCoresUsed: number
  /** Absent in results of earlier versions. */
  course?: StormCourse
}

/** How a storm of logins went. */
export interface StormCourse {
  /** Nobody was waited for longer than this. */
  limitMs: number
  /** As `halfBackMs`. */
  back90Ms: number | null
  back99Ms: number | null
  /** Logins made ÷ the time until the last of them. */
  loginsPerS: number
  /** Tries that made no login, by what the client saw: `429 too_many_logins`, `timeout`, … */
  failedTries: Readonly<Record<string, number>>
  /** CPU of all nodes beside their event loops per login made, ms: password hashes and little else; null: none was made. */
  hashCpuMsEach: number | null
  /** CPU ÷ time of the proxy, and of the process that plays the users: they share the cores with the nodes. */
  proxyCoresUsed: number
  usersCoresUsed: number
  /** Lookups of people who were in all the time, in an open loop at this rate. */
  lookups: { users: number; ratePerS: number; before: StormLookups; during: StormLookups }
  /**
   * What a storm of `fromUsers` on the same machine projected for this one: users × node CPU of a login ÷ cores.
   * `error`: projected ÷ measured − 1, null where not all came back. null: nodes and users are on other machines.
   */
  projection: { fromUsers: number; cores: number; allBackMs: number; error: number | null } | null
  /** The same for other sizes: users × node CPU of a login of this storm ÷ cores; never measured. */
  projected: readonly (StormSize & { allBackMs: number | null })[]
}

/** Lookups of one stretch, by intended time; latencies from the intended time over `ok` alone, null of too few. */
export interface StormLookups {
  intended: number
  outcomes: OutcomeCounts
  p50Ms: number | null
  p99Ms: number | null
}

/** For how many users, on how many cores, a storm is projected. */
export interface StormSize {
  users: number
  cores: number
}

export interface Environment {
  cpuModel: string
  cores: number
  memoryBytes: number
  cgroupCpuLimit: number | null
  kernel: string
  platform: string
  hypervisor: string | null
  node: string
  v8: string
  openssl: string
  lockfileSha256: string
  gitSha: string | null
  gitDirty: boolean | null
  redis: {
    version: string
    origin: string
    /** From a node's place, ms. */
    roundTripMs: { p50: number; p99: number }
    /** Without the relay through which every node reached it; absent: there was none. */
    directMs?: { p50: number; p99: number }
  } | null
  /** What stood in Redis's place; `roundTripMs` null: it has no server. Absent in results of earlier versions. */
  store?: {
    name: StoreName
    version: string | null
    origin: string
    roundTripMs: { p50: number; p99: number } | null
  } | null
  forwarder: string
  loadBefore: number
  loadAfter: number
}

/** What a refresh costs where the renewal is by pair; an arm a mode and a home of the refresh token. */
export interface RenewalEvidence {
  /** All at `saturated`: closed loop at one node, every request a refresh with the token that the last one handed out. */
  refreshes: readonly {
    mode: ModeName
    refresh: RefreshHome
    metrics: readonly Metric[]
    outcomes: OutcomeCounts
  }[]
  windows: readonly RefreshWindowRow[]
}

/** One window of refreshes; `served.nodeOk` is the nodes' own count of successes. */
export interface RefreshWindowRow extends Omit<WindowRow, 'arm' | 'visit' | 'latencyMs' | 'latenessMs'> {
  mode: ModeName
  refresh: RefreshHome
}

/** What a run was for. */
export const RUN_KINDS = [
  'bench',
  'chaos',
  'verdict',
  'proxies',
  'sweep',
  'calibration',
  'size-check',
  'lag',
] as const

/** The file that a run leaves behind. Reports only format it. */
export interface RunResult {
  schemaVersion: typeof RESULT_SCHEMA_VERSION
  kind: (typeof RUN_KINDS)[number]
  id: string
  startedAt: string
  durationS: number
  seed: number
  /** The command that runs it again. */
  command: string
  configuration: RunConfiguration
  environment: Environment
  arms: readonly ArmResult[]
  comparisons: readonly Comparison[]
  noise: readonly NoiseFloor[]
  windows: readonly WindowRow[]
  failures: readonly FailureRun[]
  /** Of a matrix: how many cells were wanted, are here, and are from the run that it took up; absent in all others. */
  matrix?: { cells: number; run: number; takenUp: number }
  /** Of a storm of logins; absent in all others. */
  storms?: readonly StormRun[]
  /** Of a migration from mode to mode; absent in all others. */
  migration?: MigrationEvidence
  /** Of a run that measured what a refresh costs; absent in all others. */
  renewals?: RenewalEvidence
  /** Of a run that compares proxies; absent in all others. */
  proxies?: ProxyEvidence
  /** Of a run that varies one thing; absent in all others. */
  sweep?: SweepEvidence
  /** Of a run that asks what this machine can tell apart; absent in all others. */
  calibration?: CalibrationEvidence
  /** Of a run that puts measurements beside what another one projects; absent in all others. */
  sizeCheck?: SizeCheckEvidence
  /** Of a run that times how long what was revoked is still accepted; absent in all others. */
  lags?: LagEvidence
  checks: readonly SelfCheck[]
  /** Arms or figures that were left out, and why. */
  leftOut: readonly string[]
  /** Plain sentences drawn from the figures above. */
  sentences: readonly string[]
  valid: boolean
  /** True when Ctrl-C ended it early. */
  interrupted: boolean
}

export interface RunConfiguration {
  /** Where it ran on a cluster that somebody else had started: `Compose project shop`; absent: on its own. */
  cluster?: string
  modes: readonly ModeName[]
  nodes: number
  via: 'proxy' | 'nodes'
  forwarder: string
  connections: number
  rounds: number
  windowMs: number
  /** The open loop's rate, equal for all arms; null where nothing ran at it. */
  ratePerS: number | null
  users: number
  /** The central store of mode `redis`; Redis where it is absent. */
  store?: StoreName
  /** Absent in results of earlier versions, which knew fastify-session alone. */
  sessionReader?: SessionReaderName
  /** What mode redis did with lookups while Redis was away; absent: `closed`. */
  outage?: OutagePolicy
  jwtAlgorithm: string
  jwtVerifier: string
  /** How logins were made to last, in words; absent where they were not renewed. */
  renewal?: string
  plant: string | null
  /** Bytes of data that every login kept; absent: none. */
  payloadBytes?: number
  /** Live sessions beside those of the load, in modes that keep any; absent: none. */
  sessions?: number
  /** What was sent at the equal rate; absent: lookups alone. `saturated` is lookups always. */
  mix?: Mix
  /** Delay that a relay added between every node and Redis, ms; absent: no relay. */
  redisRttMs?: number
  /** How often the stack was started, each time for its share of the rounds; absent: once. */
  stacks?: number
}

import type { Environment, RunConfiguration, RunResult } from '#contract/result.ts'
import { STORE_TITLES } from '#contract/stores.ts'
import { formatBytes, formatFigure, formatTime } from '../numbers.ts'
import { axisWords } from '../table/sweep-table.ts'
import { loadExtras } from './load-words.ts'

/** One condition under which the figures are true. */
export interface Condition {
  readonly name: string
  readonly value: string
}

/** How far away Redis was, since on one host it flatters. */
function redisWords({ redis }: Pick<Environment, 'redis'>): string {
  if (redis === null) return 'none in this run'
  const { p50, p99 } = redis.roundTripMs
  const { directMs } = redis
  const relayed = directMs
    ? ` through the relays of this cluster’s links; ${formatTime(directMs.p50)} (p50) without them`
    : ''
  return `${redis.version} (${redis.origin}), round trip ${formatTime(p50)} (p50), ${formatTime(p99)} (p99)${relayed}`
}

/** What stood in Redis's place, and how far away it was. */
function storeWords({ environment, sweep }: RunResult): Condition {
  const { redis, store } = environment
  const away = sweep?.over === 'redis-rtt' ? sweep.steps.map((step) => step.redisRoundTripMs?.p50) : []
  const [nearest, farthest] = [away[0], away.at(-1)]
  // The run's own figure is that of its last value.
  if (redis !== null && nearest !== undefined && farthest !== undefined)
    return {
      name: 'Redis',
      value: `${redis.version} (${redis.origin}), round trip ${formatTime(nearest)} to ${formatTime(farthest)} (p50), as varied`,
    }
  if (redis !== null || !store) return { name: 'Redis', value: redisWords({ redis }) }
  const { name, version, origin, roundTripMs } = store
  const what = version === null ? STORE_TITLES[name] : `${STORE_TITLES[name]} ${version}`
  const distance =
    roundTripMs === null
      ? 'without a server: its cost is in the nodes'
      : `round trip ${formatTime(roundTripMs.p50)} (p50), ${formatTime(roundTripMs.p99)} (p99)`
  return { name: 'Store', value: `${what} (${origin}) in the place of Redis, ${distance}` }
}

function machineWords(environment: Environment): string {
  const { cores, cpuModel, memoryBytes, cgroupCpuLimit, hypervisor } = environment
  const limit = cgroupCpuLimit === null ? '' : `, limited to ${formatFigure(cgroupCpuLimit)} CPUs`
  const virtual = hypervisor === 'unnamed' ? 'a virtual machine' : `a virtual machine by ${hypervisor}`
  const guest = hypervisor === null ? '' : `, ${virtual}`
  return `${cpuModel}, ${cores} cores${limit}, ${formatBytes(memoryBytes)}${guest}`
}

function loadWords({ configuration, sweep }: RunResult): string {
  const { rounds, windowMs, users, nodes, via } = configuration
  const cluster = sweep?.over === 'nodes' ? 'nodes as varied' : nodes === 1 ? '1 node' : `${nodes} nodes`
  const connections =
    sweep?.over === 'connections' ? 'connections as varied' : `${configuration.connections} connections`
  const path = via === 'proxy' ? 'through the proxy' : 'asked directly'
  const measured = rounds === 0 ? '' : `, ${connections}, ${rounds} rounds of ${formatTime(windowMs)} windows`
  const driven = rounds === 0 && configuration.connections > 0 ? `, ${connections}` : ''
  return `${cluster} ${path}, ${users} users${measured}${driven}`
}

/** Said only where the cluster was not this run's own. */
function whereWords({ cluster }: RunConfiguration): string {
  return cluster === undefined ? '' : `${cluster}, which ran already: `
}

/** Said only where sessions were read otherwise than people read them. */
function sessionWords({ sessionReader }: RunConfiguration): Condition[] {
  return sessionReader === 'direct'
    ? [{ name: 'Sessions', value: 'read straight from the store, without @fastify/session' }]
    : []
}

/** Said only where lookups were answered without the store. */
function outageWords({ outage }: RunConfiguration): Condition[] {
  if (outage === undefined || outage === 'closed') return []
  const believed =
    outage === 'open' ? 'the signed cookie alone' : 'what each node had read within the last minute'
  return [{ name: 'Redis away', value: `mode redis believes ${believed} (--outage ${outage})` }]
}

/** The few conditions that belong beside every figure. */
export function conditionsOf(result: RunResult): readonly Condition[] {
  const { environment, configuration } = result
  const load = loadExtras(configuration)
  const extras = load.length > 0 ? [{ name: 'Load', value: load.join('; ') }] : []
  return [
    { name: 'Machine', value: machineWords(environment) },
    storeWords(result),
    ...(result.sweep ? [{ name: 'Varied', value: `${axisWords(result.sweep)}; all else as follows` }] : []),
    {
      name: 'Cluster',
      value: `${whereWords(configuration)}${loadWords(result)}; forwarder ${configuration.forwarder}`,
    },
    ...sessionWords(configuration),
    ...extras,
    ...(configuration.renewal === undefined ? [] : [{ name: 'Renewal', value: configuration.renewal }]),
    ...outageWords(configuration),
    {
      name: 'Tokens',
      value: `${result.sweep?.over === 'jwt-alg' ? 'algorithm as varied' : configuration.jwtAlgorithm}, checked by ${configuration.jwtVerifier}`,
    },
    { name: 'Run', value: `${result.startedAt}, ${formatFigure(result.durationS)} s, seed ${result.seed}` },
  ]
}

/** Everything the run knows about where it ran. */
export function environmentOf(result: RunResult): readonly Condition[] {
  const { environment, id } = result
  const dirty = environment.gitDirty === true ? ', with uncommitted changes' : ''
  return [
    { name: 'Machine', value: machineWords(environment) },
    { name: 'System', value: `${environment.platform}, kernel ${environment.kernel}` },
    {
      name: 'Runtime',
      value: `Node ${environment.node}, V8 ${environment.v8}, OpenSSL ${environment.openssl}`,
    },
    storeWords(result),
    { name: 'Forwarder', value: environment.forwarder },
    {
      name: 'Load average',
      value: `${formatFigure(environment.loadBefore)} before, ${formatFigure(environment.loadAfter)} after`,
    },
    { name: 'Revision', value: environment.gitSha === null ? 'unknown' : `${environment.gitSha}${dirty}` },
    { name: 'Lock file', value: `sha256 ${environment.lockfileSha256}` },
    { name: 'Run', value: id },
  ]
}

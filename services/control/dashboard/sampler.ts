import type { ClusterState, PartState } from '#contract/control.ts'
import type { DashboardSample, NodeSample } from '#contract/dashboard.ts'
import type { NodeUsage } from '#contract/node-admin.ts'
import type { ProxyState } from '#contract/proxy-admin.ts'
import type { LoadWindow } from './load-generator.ts'
import type { PartReader } from './part-reader.ts'

const GAP_MS = 5_000

/** CPU time of a process at a moment, both in µs and growing. */
interface CpuReading {
  pid: number
  atUs: number
  cpuUs: number
}

/** Reads every part once and compares with the reading before. */
export interface Sampler {
  sample(state: ClusterState, load: LoadWindow): Promise<Omit<DashboardSample, 'seq'>>
}

export function createSampler(reader: PartReader, nowMs: () => number = Date.now): Sampler {
  let cpuBefore = new Map<string, CpuReading>()
  let answeredBefore = new Map<string, number>()
  let beforeMs = 0
  return {
    async sample(state, load) {
      const nodes = state.parts.filter(({ kind }) => kind === 'node')
      const proxy = state.parts.find(({ kind }) => kind === 'proxy')
      const [usages, proxyUsage, proxyState] = await Promise.all([
        Promise.all(nodes.map((node) => reader.nodeUsage(node))),
        proxy && reader.proxyUsage(proxy),
        proxy && reader.proxyState(proxy),
      ])
      const atMs = nowMs()
      // Nobody looked for a while: what was before is no second ago.
      const isNext = beforeMs !== 0 && atMs - beforeMs < GAP_MS
      if (!isNext) [cpuBefore, answeredBefore] = [new Map(), new Map()]
      const seconds = isNext ? Math.max(0.001, (atMs - beforeMs) / 1_000) : undefined
      const cpuNow = new Map<string, CpuReading>([['control', ownCpu()]])
      for (const usage of usages) if (usage) cpuNow.set(usage.id, cpuOf(usage))
      if (proxyUsage) cpuNow.set('proxy', cpuOf(proxyUsage))
      const share = (id: string): number | null => percent(cpuBefore.get(id), cpuNow.get(id))
      const shares = nodes.map(({ id }) => share(id)).filter((value) => value !== null)
      const perS = (count: number): number => (seconds === undefined ? 0 : count / seconds)
      const sample = {
        atMs,
        okPerS: perS(load.ok),
        refusedPerS: perS(load.refused),
        failedPerS: perS(load.failed),
        p50Ms: load.p50Ms,
        slowestMs: load.slowestMs,
        cpu: {
          nodes: shares.length === 0 ? null : shares.reduce((sum, value) => sum + value, 0),
          proxy: share('proxy'),
          control: share('control'),
        },
        nodes: nodes.map((node, index) => {
          const seen = nodeSample(node, usages[index], proxyState, answeredBefore, perS)
          const isDead = state.canSignal && node.condition === 'stopped'
          return isDead ? { ...seen, sessions: 0 } : seen
        }),
      }
      cpuBefore = cpuNow
      answeredBefore = new Map(proxyState?.upstreams.map(({ id, answered }) => [id, answered]))
      beforeMs = atMs
      return sample
    },
  }
}

function nodeSample(
  { id }: PartState,
  usage: NodeUsage | undefined,
  proxy: ProxyState | undefined,
  answeredBefore: ReadonlyMap<string, number>,
  perS: (count: number) => number,
): NodeSample {
  const upstream = proxy?.upstreams.find((candidate) => candidate.id === id)
  const before = answeredBefore.get(id)
  const isCounted = upstream !== undefined && before !== undefined
  return {
    id,
    ...(upstream === undefined ? {} : { health: upstream.health }),
    inFlight: upstream?.inFlight ?? null,
    answeredPerS: isCounted ? perS(Math.max(0, upstream.answered - before)) : null,
    sessions: usage === undefined ? null : usage.sessions.held + (usage.replication?.held ?? 0),
  }
}

function cpuOf(usage: Pick<NodeUsage, 'pid' | 'atUs' | 'cpu'>): CpuReading {
  return { pid: usage.pid, atUs: usage.atUs, cpuUs: usage.cpu.userUs + usage.cpu.systemUs }
}

function ownCpu(): CpuReading {
  const { user, system } = process.cpuUsage()
  return { pid: process.pid, atUs: performance.now() * 1_000, cpuUs: user + system }
}

function percent(before: CpuReading | undefined, now: CpuReading | undefined): number | null {
  if (before === undefined || now === undefined || before.pid !== now.pid || now.atUs <= before.atUs)
    return null
  // In containers a process that was started anew may have the same pid.
  if (now.cpuUs < before.cpuUs) return null
  return (100 * (now.cpuUs - before.cpuUs)) / (now.atUs - before.atUs)
}
